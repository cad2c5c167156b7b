# reject: test_vocabulary_holds_each_word_and_special_token_once: PAD is forgotten
# says: PAD or UNK is not in `vocab`

# region answer
words = [word for sentence in corpus for word in sentence.split()]
vocab = list(dict.fromkeys([UNK, *words]))
word2id = {word: i for i, word in enumerate(vocab)}
id2word = {i: word for i, word in enumerate(vocab)}
# endregion
    # region answer
    return [word2id.get(word, word2id[UNK]) for word in text.split()]
    # endregion
    # region answer
    return " ".join(id2word[i] for i in ids)
    # endregion
