# reject: test_decode_gives_the_text_back: decode joins the characters with spaces
# says: puts spaces between the characters

# region answer
vocab = [PAD, UNK] + list(string.ascii_letters)
char2id = {ch: i for i, ch in enumerate(vocab)}
id2char = {i: ch for i, ch in enumerate(vocab)}
# endregion
    # region answer
    return [char2id.get(ch, char2id[UNK]) for ch in text]
    # endregion
    # region answer
    return " ".join(id2char[i] for i in ids)
    # endregion
