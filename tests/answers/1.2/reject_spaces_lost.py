# reject: test_unknown_characters_share_one_id_of_this_vocabulary: spaces are taken out before anything is encoded
# says: so does a space

# region answer
vocab = [PAD, UNK] + list(string.ascii_letters)
char2id = {ch: i for i, ch in enumerate(vocab)}
id2char = {i: ch for i, ch in enumerate(vocab)}
# endregion
    # region answer
    ids = []
    for word in text.split():
        for ch in word:
            ids.append(char2id.get(ch, char2id[UNK]))
    return ids
    # endregion
    # region answer
    return "".join(id2char[i] for i in ids)
    # endregion
