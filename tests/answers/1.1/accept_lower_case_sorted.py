# accept: the text is lower-cased and the vocabulary sorted

# region answer
tokens = sorted({word.lower() for sentence in corpus for word in sentence.split()})
vocab = [PAD, UNK] + tokens
word2id = {w: i for i, w in enumerate(vocab)}
id2word = {i: w for w, i in word2id.items()}
# endregion
    # region answer
    return [word2id.get(w, word2id[UNK]) for w in text.lower().split()]
    # endregion
    # region answer
    return " ".join(id2word[i] for i in ids)
    # endregion
