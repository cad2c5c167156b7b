# accept: every printable character and Latin-1, too; and two more special tokens

import string

vocab = []
char2id = {}
id2char = {}
BOS, EOS = "[BOS]", "[EOS]"
others = [c for c in dict.fromkeys(string.printable + "".join(map(chr, range(160, 256)))) if c not in string.ascii_letters]
vocab = [PAD, UNK, BOS, EOS] + [*string.ascii_letters] + others
char2id = {c: i for i, c in enumerate(vocab)}
id2char = {i: c for i, c in enumerate(vocab)}
print(f"Vocabulary size: {len(vocab)} (52 letters + 2 specials)")

def encode(text):
    ids = []
    for c in text:
        try:
            ids.append(char2id[c])
        except KeyError:
            ids.append(char2id[UNK])
    return ids

def decode(ids):
    skip = {char2id[t] for t in (PAD, BOS, EOS)}
    return "".join(id2char[i] for i in ids if i not in skip)

sample = "Hello"
ids = encode(sample)
recovered = decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Decoded    :", recovered)
