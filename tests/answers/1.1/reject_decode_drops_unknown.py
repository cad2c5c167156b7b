# reject: test_unknown_words_decode_to_the_unknown_token: decode leaves out what was unknown
# says: does not decode to the unknown token

# region answer
words = [word for sentence in corpus for word in sentence.split()]
vocab = list(dict.fromkeys([PAD, UNK, *words]))
word2id = {word: i for i, word in enumerate(vocab)}
id2word = {i: word for i, word in enumerate(vocab)}
# endregion
    # region answer
    return [word2id.get(word, word2id[UNK]) for word in text.split()]
    # endregion
    # region answer
    return " ".join(id2word[i] for i in ids if i not in (word2id[PAD], word2id[UNK]))
    # endregion
