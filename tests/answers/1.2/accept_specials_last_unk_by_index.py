# accept: UNK and PAD last; the id of UNK is looked up in the list

# region answer
vocab.extend(string.ascii_letters)
vocab.extend([UNK, PAD])
char2id = {c: vocab.index(c) for c in vocab}
id2char = vocab
# endregion
    # region answer
    unk = vocab.index(UNK)
    ids = []
    for position in range(len(text)):
        character = text[position]
        ids.append(char2id.get(character, unk))
    return ids
    # endregion
    # region answer
    text = ""
    for i in ids:
        text = text + (id2char[i] if 0 <= i < len(id2char) else UNK)
    return text
    # endregion
