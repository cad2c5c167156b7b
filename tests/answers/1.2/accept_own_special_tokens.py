# accept: this cell spells its special tokens <PAD> and <UNK>

import string

vocab = []
char2id = {}
id2char = {}
PAD, UNK = "<PAD>", "<UNK>"
vocab = list(string.ascii_lowercase + string.ascii_uppercase) + [PAD, UNK]
char2id = dict(zip(vocab, range(len(vocab))))
id2char = dict(enumerate(vocab))
print(f"Vocabulary size: {len(vocab)} (52 letters + 2 specials)")

def encode(text):
    ids = []
    for ch in text:
        if ch in char2id:
            ids.append(char2id[ch])
        else:
            ids.append(char2id[UNK])
    return ids

def decode(ids):
    text = ""
    for i in ids:
        text += id2char[i]
    return text

sample = "Hello"
ids = encode(sample)
recovered = decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Decoded    :", recovered)
