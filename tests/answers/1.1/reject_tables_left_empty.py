# reject: test_the_two_dictionaries_mirror_the_vocabulary: word2id and id2word are left empty, the list is searched instead
# says: `word2id` or `id2word` is empty

# region answer
words = [word for sentence in corpus for word in sentence.split()]
vocab = list(dict.fromkeys([PAD, UNK, *words]))
# endregion
    # region answer
    return [vocab.index(w) if w in vocab else vocab.index(UNK) for w in text.split()]
    # endregion
    # region answer
    return " ".join(vocab[i] for i in ids)
    # endregion
