# accept: the tables are called stoi and itos

import string

vocab = [PAD, UNK] + list(string.ascii_letters)
stoi = {s: i for i, s in enumerate(vocab)}
itos = {i: s for s, i in stoi.items()}
print(f"Vocabulary size: {len(vocab)} (52 letters + 2 specials)")

def encode(text):
    return [stoi.get(s, stoi[UNK]) for s in text]

def decode(ids):
    return "".join(itos[i] for i in ids)

sample = "Hello"
ids = encode(sample)
recovered = decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Decoded    :", recovered)
