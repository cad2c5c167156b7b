# reject: test_vocabulary_holds_each_word_and_special_token_once: `+=` with a string adds its characters
# says: fell apart into characters

# region answer
vocab += PAD
vocab += UNK
vocab += " ".join(corpus).split()
vocab = list(dict.fromkeys(vocab))
word2id = {word: i for i, word in enumerate(vocab)}
id2word = {i: word for i, word in enumerate(vocab)}
# endregion
    # region answer
    return [word2id.get(word, word2id["U"]) for word in text.split()]
    # endregion
    # region answer
    return " ".join(id2word[i] for i in ids)
    # endregion
