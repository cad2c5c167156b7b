# reject: test_the_two_dictionaries_mirror_the_vocabulary: one table counts from 0, the other from 1, and decode makes up for it
# says: `id2word` does not lead back

# region answer
words = [word for sentence in corpus for word in sentence.split()]
vocab = list(dict.fromkeys([PAD, UNK, *words]))
for i, w in enumerate(vocab):
    word2id[w] = i
    id2word[i + 1] = w
# endregion
    # region answer
    return [word2id.get(word, word2id[UNK]) for word in text.split()]
    # endregion
    # region answer
    return " ".join(id2word[i + 1] for i in ids)
    # endregion
