# reject: test_each_known_word_becomes_its_id: the text is split into characters

# region answer
vocab = [PAD, UNK] + sorted(set("".join(corpus)))
word2id = {word: i for i, word in enumerate(vocab)}
id2word = {i: word for word, i in word2id.items()}
# endregion
    # region answer
    return [word2id.get(c, word2id[UNK]) for c in text]
    # endregion
    # region answer
    return "".join(id2word[i] for i in ids)
    # endregion
