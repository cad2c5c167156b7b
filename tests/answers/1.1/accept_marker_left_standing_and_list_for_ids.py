# accept: the marker was left standing above the code; id2word is a list

# region answer
"""
YOUR CODE HERE
"""
vocab = sorted(set(" ".join(corpus).split()))
vocab.insert(0, UNK)
vocab.append(PAD)
word2id = dict(zip(vocab, range(len(vocab))))
id2word = vocab
# endregion
    # region answer
    """
    YOUR CODE HERE
    """
    return [word2id[w] if w in word2id else word2id[UNK] for w in text.split()]
    pass
    # endregion
    # region answer
    words = []
    for i in ids:
        words.append(id2word[i])
    return " ".join(words).strip()
    # endregion
