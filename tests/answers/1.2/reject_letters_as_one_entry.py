# reject: test_vocabulary_holds_all_letters_and_whole_special_tokens: the string of letters is one entry of the list
# says: as one long entry

# region answer
vocab = [PAD, UNK] + [string.ascii_letters]
char2id = {ch: i for i, ch in enumerate(vocab)}
id2char = {i: ch for i, ch in enumerate(vocab)}
# endregion
    # region answer
    return [char2id.get(ch, char2id[UNK]) for ch in text]
    # endregion
    # region answer
    return "".join(id2char[i] for i in ids)
    # endregion
