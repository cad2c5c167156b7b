# accept: the functions are called char_encode and char_decode, the demo lines follow

import string

vocab = []
char2id = {}
id2char = {}
vocab = [PAD, UNK] + list(string.ascii_letters)
char2id = {ch: i for i, ch in enumerate(vocab)}
id2char = {i: ch for i, ch in enumerate(vocab)}
print(f"Vocabulary size: {len(vocab)} (52 letters + 2 specials)")

def char_encode(text):
    return [char2id.get(ch, char2id[UNK]) for ch in text]

def char_decode(ids):
    return "".join(id2char[i] for i in ids)

sample = "Hello"
ids = char_encode(sample)
recovered = char_decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Decoded    :", recovered)
