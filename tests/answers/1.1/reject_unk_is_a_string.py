# reject: test_unknown_words_share_one_id: an unknown word becomes the string [UNK] among the ids
# says: is not a list of token ids

# region answer
words = [word for sentence in corpus for word in sentence.split()]
vocab = list(dict.fromkeys([PAD, UNK, *words]))
word2id = {word: i for i, word in enumerate(vocab)}
id2word = {i: word for i, word in enumerate(vocab)}
# endregion
    # region answer
    return [word2id.get(word, UNK) for word in text.split()]
    # endregion
    # region answer
    return " ".join(id2word.get(i, UNK) for i in ids)
    # endregion
