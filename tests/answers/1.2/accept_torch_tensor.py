# accept: ids are a tensor; decode asks each of its elements for its number

import string
import torch

vocab = [PAD, UNK] + list(string.ascii_letters)
char2id = {ch: i for i, ch in enumerate(vocab)}
id2char = {i: ch for i, ch in enumerate(vocab)}
print(f"Vocabulary size: {len(vocab)} (52 letters + 2 specials)")

def encode(text):
    ids = [char2id.get(ch, char2id[UNK]) for ch in text]
    return torch.tensor(ids, dtype=torch.long)

def decode(ids):
    return "".join([id2char[i.item()] for i in ids])

sample = "Hello"
ids = encode(sample)
recovered = decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Decoded    :", recovered)
