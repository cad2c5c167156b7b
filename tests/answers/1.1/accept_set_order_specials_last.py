# accept: a set gives the order, UNK and PAD come last

# region answer
words = set()
for line in corpus:
    words.update(line.split())
vocab = list(words) + [UNK, PAD]
for i, word in enumerate(vocab):
    word2id[word] = i
    id2word[i] = word
# endregion
    # region answer
    return [word2id.get(word, word2id[UNK]) for word in text.split()]
    # endregion
    # region answer
    return " ".join([id2word[i] for i in ids if id2word[i] != PAD])
    # endregion
