# reject: test_unknown_characters_share_one_id_of_this_vocabulary: unknown characters get word2id[UNK] of the cell before, here the id of a letter

# region answer
vocab = list(string.ascii_letters) + [PAD, UNK]
char2id = {ch: i for i, ch in enumerate(vocab)}
id2char = {i: ch for i, ch in enumerate(vocab)}
# endregion
    # region answer
    return [char2id.get(ch, word2id[UNK]) for ch in text]
    # endregion
    # region answer
    return "".join(id2char[i] for i in ids)
    # endregion
