# reject: test_unknown_characters_share_one_id_of_this_vocabulary: an emoji becomes four ids, one for each byte
# says: Every character takes one place

# region answer
vocab = [PAD, UNK] + list(string.ascii_letters)
char2id = {ch: i for i, ch in enumerate(vocab)}
id2char = {i: ch for i, ch in enumerate(vocab)}
# endregion
    # region answer
    return [char2id.get(chr(byte), char2id[UNK]) for byte in text.encode("utf-8")]
    # endregion
    # region answer
    return "".join(id2char[i] for i in ids)
    # endregion
