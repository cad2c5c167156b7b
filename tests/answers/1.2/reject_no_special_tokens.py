# reject: test_vocabulary_holds_all_letters_and_whole_special_tokens: the vocabulary has letters only
# says: no two special tokens

# region answer
vocab = list(string.ascii_letters)
char2id = {ch: i for i, ch in enumerate(vocab)}
id2char = {i: ch for i, ch in enumerate(vocab)}
# endregion
    # region answer
    return [char2id.get(ch, 52) for ch in text]
    # endregion
    # region answer
    return "".join(id2char.get(i, UNK) for i in ids)
    # endregion
