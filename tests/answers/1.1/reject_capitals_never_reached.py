# reject: test_each_known_word_becomes_its_id: the text is lower-cased, the vocabulary is not, so “Large” is unknown
# says: both in lower case, or both as they are

# region answer
words = [word for sentence in corpus for word in sentence.split()]
vocab = list(dict.fromkeys([PAD, UNK, *words]))
word2id = {word: i for i, word in enumerate(vocab)}
id2word = {i: word for i, word in enumerate(vocab)}
# endregion
    # region answer
    return [word2id.get(word, word2id[UNK]) for word in text.lower().split()]
    # endregion
    # region answer
    return " ".join(id2word[i] for i in ids)
    # endregion
