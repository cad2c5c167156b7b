# reject: test_vocabulary_holds_each_word_and_special_token_once: the special tokens have ids -1 and -2 and are no entries of the vocabulary
# says: PAD or UNK is not in `vocab`

# region answer
vocab = list(dict.fromkeys(" ".join(corpus).split()))
word2id = {word: i for i, word in enumerate(vocab)}
word2id[PAD], word2id[UNK] = -1, -2
id2word = {i: word for word, i in word2id.items()}
# endregion
    # region answer
    return [word2id.get(word, word2id[UNK]) for word in text.split()]
    # endregion
    # region answer
    return " ".join(id2word[i] for i in ids)
    # endregion
