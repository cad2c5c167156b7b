# reject: test_each_known_word_becomes_its_id: the vocabulary is lower-cased, the text to encode is not, so “The” is unknown
# says: in lower case

# region answer
vocab = [PAD, UNK] + sorted({word.lower() for line in corpus for word in line.split()})
word2id = {word: i for i, word in enumerate(vocab)}
id2word = {i: word for word, i in word2id.items()}
# endregion
    # region answer
    return [word2id.get(word, word2id[UNK]) for word in text.split()]
    # endregion
    # region answer
    return " ".join(id2word[i] for i in ids)
    # endregion
