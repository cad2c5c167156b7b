# accept: a space, digits and punctuation are entries, too

# region answer
vocab = [PAD, UNK] + list(string.ascii_letters) + [" "] + list(string.digits + string.punctuation)
char2id = {ch: i for i, ch in enumerate(vocab)}
id2char = {i: ch for i, ch in enumerate(vocab)}
# endregion
    # region answer
    return [char2id.get(ch, char2id[UNK]) for ch in text]
    # endregion
    # region answer
    return "".join(id2char[i] for i in ids)
    # endregion
