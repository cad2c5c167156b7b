# reject: test_decode_gives_the_text_back: repeated letters come back once
# says: does not turn ids into the characters

# region answer
vocab = [PAD, UNK] + list(string.ascii_letters)
char2id = {ch: i for i, ch in enumerate(vocab)}
id2char = {i: ch for i, ch in enumerate(vocab)}
# endregion
    # region answer
    return [char2id.get(ch, char2id[UNK]) for ch in text]
    # endregion
    # region answer
    text = ""
    for i in ids:
        if not text.endswith(id2char[i]):
            text += id2char[i]
    return text
    # endregion
