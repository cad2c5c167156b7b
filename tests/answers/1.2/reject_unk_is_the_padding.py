# reject: test_unknown_characters_share_one_id_of_this_vocabulary: unknown characters fall back on 0, which is the id of PAD
# says: the id of an entry other than UNK

# region answer
vocab = [PAD, UNK] + list(string.ascii_letters)
char2id = {ch: i for i, ch in enumerate(vocab)}
id2char = {i: ch for i, ch in enumerate(vocab)}
# endregion
    # region answer
    return [char2id.get(ch, 0) for ch in text]
    # endregion
    # region answer
    return "".join(id2char[i] for i in ids)
    # endregion
