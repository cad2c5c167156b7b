# accept: capitals come first, the special tokens last

# region answer
vocab = list(string.ascii_uppercase) + list(string.ascii_lowercase)
vocab.append(PAD)
vocab.append(UNK)
for i, ch in enumerate(vocab):
    char2id[ch] = i
    id2char[i] = ch
# endregion
    # region answer
    return [char2id.get(ch, char2id[UNK]) for ch in text]
    # endregion
    # region answer
    return "".join(id2char[i] for i in ids)
    # endregion
