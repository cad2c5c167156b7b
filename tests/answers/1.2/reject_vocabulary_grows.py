# reject: test_unknown_characters_share_one_id_of_this_vocabulary: unknown characters are added to the vocabulary
# says: get different ids

# region answer
vocab = [PAD, UNK] + list(string.ascii_letters)
char2id = {ch: i for i, ch in enumerate(vocab)}
id2char = {i: ch for i, ch in enumerate(vocab)}
# endregion
    # region answer
    for ch in text:
        if ch not in char2id:
            char2id[ch] = len(vocab)
            id2char[len(vocab)] = ch
            vocab.append(ch)
    return [char2id[ch] for ch in text]
    # endregion
    # region answer
    return "".join(id2char[i] for i in ids)
    # endregion
