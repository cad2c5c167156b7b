# accept: the names PAD and UNK are left unused, the tokens are spelled out

# region answer
vocab = ["<pad>", "<unk>"] + sorted(set(" ".join(corpus).lower().split()))
word2id = {w: i for i, w in enumerate(vocab)}
id2word = {i: w for i, w in enumerate(vocab)}
# endregion
    # region answer
    return [word2id.get(w, word2id["<unk>"]) for w in text.lower().split()]
    # endregion
    # region answer
    return " ".join(id2word[i] for i in ids)
    # endregion
