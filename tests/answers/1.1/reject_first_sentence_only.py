# reject: test_vocabulary_holds_each_word_and_special_token_once: only the first sentence of the corpus is used

# region answer
vocab = [PAD, UNK] + list(dict.fromkeys(corpus[0].split()))
word2id = {word: i for i, word in enumerate(vocab)}
id2word = {i: word for word, i in word2id.items()}
# endregion
    # region answer
    return [word2id.get(word, word2id[UNK]) for word in text.split()]
    # endregion
    # region answer
    return " ".join(id2word[i] for i in ids)
    # endregion
