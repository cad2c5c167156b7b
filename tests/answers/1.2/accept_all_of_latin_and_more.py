# accept: every printable character and Latin-1, too; and two more special tokens

# region answer
BOS, EOS = "[BOS]", "[EOS]"
others = [c for c in dict.fromkeys(string.printable + "".join(map(chr, range(160, 256)))) if c not in string.ascii_letters]
vocab = [PAD, UNK, BOS, EOS] + [*string.ascii_letters] + others
char2id = {c: i for i, c in enumerate(vocab)}
id2char = {i: c for i, c in enumerate(vocab)}
# endregion
    # region answer
    ids = []
    for c in text:
        try:
            ids.append(char2id[c])
        except KeyError:
            ids.append(char2id[UNK])
    return ids
    # endregion
    # region answer
    skip = {char2id[t] for t in (PAD, BOS, EOS)}
    return "".join(id2char[i] for i in ids if i not in skip)
    # endregion
