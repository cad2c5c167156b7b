# reject: test_vocabulary_holds_all_letters_and_whole_special_tokens: list() of letters plus the special tokens splits these into characters
# says: fell apart into characters

# region answer
vocab = list(string.ascii_letters + "[PAD]" + "[UNK]")
char2id = {ch: i for i, ch in enumerate(vocab)}
id2char = {i: ch for i, ch in enumerate(vocab)}
# endregion
    # region answer
    return [char2id.get(ch, len(vocab) - 1) for ch in text]
    # endregion
    # region answer
    return "".join(id2char[i] for i in ids)
    # endregion
