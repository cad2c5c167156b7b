# reject: test_decode_reads_the_ids_it_is_given: decode loses the order and repetitions, because it looks for entries among the ids
# says: is not the text

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
    return " ".join(word for i, word in id2word.items() if i in ids)
    # endregion
