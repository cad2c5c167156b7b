# accept: ids start at 1

# region answer
vocab = [PAD, UNK]
vocab += [w for w in dict.fromkeys(" ".join(corpus).lower().split())]
word2id = {w: i for i, w in enumerate(vocab, start=1)}
id2word = {i: w for w, i in word2id.items()}
# endregion
    # region answer
    return [word2id.get(w.lower(), word2id[UNK]) for w in text.split()]
    # endregion
    # region answer
    return " ".join(id2word[i] for i in ids)
    # endregion
