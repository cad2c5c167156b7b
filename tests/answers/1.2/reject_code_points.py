# reject: test_each_letter_becomes_its_id: ids are code points, the vocabulary is never used

# region answer
vocab = [PAD, UNK] + list(string.ascii_letters)
char2id = {ch: i for i, ch in enumerate(vocab)}
id2char = {i: ch for i, ch in enumerate(vocab)}
# endregion
    # region answer
    return [ord(ch) for ch in text]
    # endregion
    # region answer
    return "".join(chr(i) for i in ids)
    # endregion
