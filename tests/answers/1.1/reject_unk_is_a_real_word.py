# reject: test_the_id_of_unknown_words_is_that_of_unk: an unknown word gets id 0, which is a real word's
# says: the id of a real word

# region answer
vocab = list(dict.fromkeys(" ".join(corpus).split())) + [PAD, UNK]
word2id = {word: i for i, word in enumerate(vocab)}
id2word = {i: word for word, i in word2id.items()}
# endregion
    # region answer
    return [word2id.get(word, 0) for word in text.split()]
    # endregion
    # region answer
    return " ".join(id2word[i] for i in ids)
    # endregion
