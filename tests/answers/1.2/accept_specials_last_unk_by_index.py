# accept: UNK and PAD last; the id of UNK is looked up in the list

import string

vocab = []
char2id = {}
id2char = {}
vocab.extend(string.ascii_letters)
vocab.extend([UNK, PAD])
char2id = {c: vocab.index(c) for c in vocab}
id2char = vocab
print(f"Vocabulary size: {len(vocab)} (52 letters + 2 specials)")

def encode(text):
    unk = vocab.index(UNK)
    ids = []
    for position in range(len(text)):
        character = text[position]
        ids.append(char2id.get(character, unk))
    return ids

def decode(ids):
    text = ""
    for i in ids:
        text = text + (id2char[i] if 0 <= i < len(id2char) else UNK)
    return text

sample = "Hello"
ids = encode(sample)
recovered = decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Decoded    :", recovered)
