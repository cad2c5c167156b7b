# reject: test_vocabulary_holds_all_letters_and_whole_special_tokens: capital letters are missing and the text is lower-cased
# says: a letter is missing in `vocab`

# region answer
vocab = [PAD, UNK] + list(string.ascii_lowercase)
char2id = {ch: i for i, ch in enumerate(vocab)}
id2char = {i: ch for i, ch in enumerate(vocab)}
# endregion
    # region answer
    return [char2id.get(ch, char2id[UNK]) for ch in text.lower()]
    # endregion
    # region answer
    return "".join(id2char[i] for i in ids)
    # endregion
