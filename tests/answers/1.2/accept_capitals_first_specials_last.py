# accept: capitals come first, the special tokens last

import string

vocab = []
char2id = {}
id2char = {}
vocab = list(string.ascii_uppercase) + list(string.ascii_lowercase)
vocab.append(PAD)
vocab.append(UNK)
for i, ch in enumerate(vocab):
    char2id[ch] = i
    id2char[i] = ch
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
