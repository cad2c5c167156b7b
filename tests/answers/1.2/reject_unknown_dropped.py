# reject: test_unknown_characters_share_one_id_of_this_vocabulary: characters outside the vocabulary are dropped
# says: are dropped

# region answer
vocab = [PAD, UNK] + list(string.ascii_letters)
char2id = {ch: i for i, ch in enumerate(vocab)}
id2char = {i: ch for i, ch in enumerate(vocab)}
# endregion
    # region answer
    return [char2id[ch] for ch in text if ch in char2id]
    # endregion
    # region answer
    return "".join(id2char[i] for i in ids)
    # endregion
