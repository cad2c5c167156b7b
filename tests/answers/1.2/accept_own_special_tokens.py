# accept: this cell spells its special tokens <PAD> and <UNK>

# region answer
PAD, UNK = "<PAD>", "<UNK>"
vocab = list(string.ascii_lowercase + string.ascii_uppercase) + [PAD, UNK]
char2id = dict(zip(vocab, range(len(vocab))))
id2char = dict(enumerate(vocab))
# endregion
    # region answer
    ids = []
    for ch in text:
        if ch in char2id:
            ids.append(char2id[ch])
        else:
            ids.append(char2id[UNK])
    return ids
    # endregion
    # region answer
    text = ""
    for i in ids:
        text += id2char[i]
    return text
    # endregion
