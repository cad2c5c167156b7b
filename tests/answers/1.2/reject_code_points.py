# reject: test_each_letter_becomes_its_id: ids are code points, the vocabulary is never used

import string

vocab = []
char2id = {}
id2char = {}
vocab = [PAD, UNK] + list(string.ascii_letters)
char2id = {ch: i for i, ch in enumerate(vocab)}
id2char = {i: ch for i, ch in enumerate(vocab)}
print(f"Vocabulary size: {len(vocab)} (52 letters + 2 specials)")

def encode(text):
    return [ord(ch) for ch in text]

def decode(ids):
    return "".join(chr(i) for i in ids)

sample = "Hello"
ids = encode(sample)
recovered = decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Decoded    :", recovered)
