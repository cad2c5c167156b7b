# reject: test_the_two_dictionaries_mirror_the_vocabulary: char2id and id2char are left empty, the list is searched instead
# says: not every entry of `vocab` has an id

# region answer
vocab = [PAD, UNK] + list(string.ascii_letters)
# endregion
    # region answer
    return [vocab.index(ch) if ch in vocab else 1 for ch in text]
    # endregion
    # region answer
    return "".join(vocab[i] for i in ids)
    # endregion
