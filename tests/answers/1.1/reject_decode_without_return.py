# reject: test_decode_reads_the_ids_it_is_given: decode computes the text and forgets to return it
# says: `decode(...)` returned None

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
    text = " ".join(id2word[i] for i in ids)
    # endregion
