# reject: test_the_two_dictionaries_mirror_the_vocabulary: id2char maps characters to ids as well
# says: does not map whole numbers to strings

# region answer
vocab = [PAD, UNK] + list(string.ascii_letters)
char2id = {ch: i for i, ch in enumerate(vocab)}
id2char = {ch: i for i, ch in enumerate(vocab)}
# endregion
    # region answer
    return [char2id.get(ch, char2id[UNK]) for ch in text]
    # endregion
    # region answer
    return "".join(vocab[i] for i in ids)
    # endregion
