# reject: test_unknown_characters_share_one_id_of_this_vocabulary: characters outside the vocabulary become -1
# says: does not belong to this vocabulary

# region answer
vocab = [PAD, UNK] + list(string.ascii_letters)
char2id = {ch: i for i, ch in enumerate(vocab)}
id2char = {i: ch for i, ch in enumerate(vocab)}
# endregion
    # region answer
    return [char2id.get(ch, -1) for ch in text]
    # endregion
    # region answer
    return "".join(id2char.get(i, UNK) for i in ids)
    # endregion
