# reject: test_each_letter_becomes_its_id: encode puts [BOS] and [EOS] around every text
# says: ids that stand for no character

# region answer
vocab = [PAD, UNK, '[BOS]', '[EOS]'] + list(string.ascii_letters)
char2id = {ch: i for i, ch in enumerate(vocab)}
id2char = {i: ch for i, ch in enumerate(vocab)}
# endregion
    # region answer
    return [char2id["[BOS]"], *(char2id.get(ch, char2id[UNK]) for ch in text), char2id["[EOS]"]]
    # endregion
    # region answer
    return "".join(id2char[i] for i in ids)
    # endregion
