# reject: test_the_id_of_unknown_words_is_that_of_unk: unknown words fall back on 0, which is the id of PAD
# says: the id of another special token

# region answer
words = [word for sentence in corpus for word in sentence.split()]
vocab = list(dict.fromkeys([PAD, UNK, *words]))
word2id = {word: i for i, word in enumerate(vocab)}
id2word = {i: word for i, word in enumerate(vocab)}
# endregion
    # region answer
    return [word2id.get(word, 0) for word in text.split()]
    # endregion
    # region answer
    return " ".join(id2word[i] for i in ids)
    # endregion
