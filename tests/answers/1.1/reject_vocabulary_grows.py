# reject: test_unknown_words_share_one_id: unknown words are added to the vocabulary on the fly
# says: unknown words get different ids

# region answer
words = [word for sentence in corpus for word in sentence.split()]
vocab = list(dict.fromkeys([PAD, UNK, *words]))
word2id = {word: i for i, word in enumerate(vocab)}
id2word = {i: word for i, word in enumerate(vocab)}
# endregion
    # region answer
    ids = []
    for word in text.split():
        if word not in word2id:
            word2id[word] = len(vocab)
            id2word[len(vocab)] = word
            vocab.append(word)
        ids.append(word2id[word])
    return ids
    # endregion
    # region answer
    return " ".join(id2word[i] for i in ids)
    # endregion
