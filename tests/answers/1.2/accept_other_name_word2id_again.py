# accept: the tables go by the names of the cell before, word2id and id2word

import string

vocab = [PAD, UNK] + list(string.ascii_letters)
word2id = {c: i for i, c in enumerate(vocab)}
id2word = {i: c for i, c in enumerate(vocab)}
print(f"Vocabulary size: {len(vocab)} (52 letters + 2 specials)")

def encode(text):
    return [word2id.get(ch, word2id[UNK]) for ch in text]

def decode(ids):
    return "".join(id2word[i] for i in ids)

sample = "Hello"
ids = encode(sample)
recovered = decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Decoded    :", recovered)
