# reject: test_unknown_characters_decode_to_the_unknown_token: decode writes nothing for UNK
# says: does not decode to the unknown token

# region answer
vocab = [PAD, UNK] + list(string.ascii_letters)
char2id = {ch: i for i, ch in enumerate(vocab)}
id2char = {i: ch for i, ch in enumerate(vocab)}
# endregion
    # region answer
    return [char2id.get(ch, char2id[UNK]) for ch in text]
    # endregion
    # region answer
    return "".join(id2char[i] for i in ids if len(id2char[i]) == 1)
    # endregion
