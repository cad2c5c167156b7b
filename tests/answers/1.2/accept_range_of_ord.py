# accept: letters by their code, the list as id2char, PAD dropped when decoding

# region answer
vocab = [PAD, UNK] + [chr(i) for i in range(ord("a"), ord("z") + 1)] + [chr(i) for i in range(ord("A"), ord("Z") + 1)] + [" "]
char2id = {ch: i for i, ch in enumerate(vocab)}
id2char = {i: ch for ch, i in char2id.items()}
# endregion
    # region answer
    return [char2id[ch] if ch in char2id else char2id[UNK] for ch in text]
    # endregion
    # region answer
    return "".join(id2char.get(i, UNK) for i in ids if i != char2id[PAD])
    # endregion
