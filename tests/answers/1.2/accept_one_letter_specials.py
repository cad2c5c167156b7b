# accept: the special tokens are single characters, by the names PAD and UNK

# region answer
PAD, UNK = "_", "?"
vocab = [PAD, UNK] + sorted(string.ascii_letters)
for index, character in enumerate(vocab):
    char2id.setdefault(character, index)
    id2char.setdefault(index, character)
# endregion
    # region answer
    return [char2id.get(ch, char2id[UNK]) for ch in text]
    # endregion
    # region answer
    return "".join(id2char[i] for i in ids)
    # endregion
