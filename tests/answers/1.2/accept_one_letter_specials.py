# accept: the special tokens are single characters, by the names PAD and UNK

import string

vocab = []
char2id = {}
id2char = {}
PAD, UNK = "_", "?"
vocab = [PAD, UNK] + sorted(string.ascii_letters)
for index, character in enumerate(vocab):
    char2id.setdefault(character, index)
    id2char.setdefault(index, character)
print(f"Vocabulary size: {len(vocab)} (52 letters + 2 specials)")

def encode(text):
    return [char2id.get(ch, char2id[UNK]) for ch in text]

def decode(ids):
    return "".join(id2char[i] for i in ids)

sample = "Hello"
ids = encode(sample)
recovered = decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Decoded    :", recovered)
