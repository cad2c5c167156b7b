# reject: test_unknown_characters_share_one_id_of_this_vocabulary: only what is no letter is thought to be unknown, so ñ raises
# says: your code raised KeyError

# region answer
vocab = [PAD, UNK] + list(string.ascii_letters)
char2id = {ch: i for i, ch in enumerate(vocab)}
id2char = {i: ch for i, ch in enumerate(vocab)}
# endregion
    # region answer
    return [char2id[ch] if ch.isalpha() else char2id[UNK] for ch in text]
    # endregion
    # region answer
    return "".join(id2char[i] for i in ids)
    # endregion
