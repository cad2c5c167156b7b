# reject: test_unknown_words_share_one_id: a word that begins like a known one gets its id
# says: only begins or ends like a known one

# region answer
words = [word for sentence in corpus for word in sentence.split()]
vocab = list(dict.fromkeys([PAD, UNK, *words]))
word2id = {word: i for i, word in enumerate(vocab)}
id2word = {i: word for i, word in enumerate(vocab)}
# endregion
    # region answer
    ids = []
    for word in text.split():
        similar = [entry for entry in vocab if len(entry) > 3 and word.startswith(entry)]
        if word in word2id:
            ids.append(word2id[word])
        elif similar:
            ids.append(word2id[similar[0]])
        else:
            ids.append(word2id[UNK])
    return ids
    # endregion
    # region answer
    return " ".join(id2word[i] for i in ids)
    # endregion
