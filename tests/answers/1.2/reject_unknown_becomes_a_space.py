# reject: test_unknown_characters_share_one_id_of_this_vocabulary: unknown characters become spaces
# says: a space is a space

import string

vocab = []
char2id = {}
id2char = {}
vocab = [PAD, UNK, ' '] + list(string.ascii_letters)
char2id = {ch: i for i, ch in enumerate(vocab)}
id2char = {i: ch for i, ch in enumerate(vocab)}
print(f"Vocabulary size: {len(vocab)} (52 letters + 2 specials)")

def encode(text):
    return [char2id.get(ch, char2id[' ']) for ch in text]

def decode(ids):
    return "".join(id2char[i] for i in ids)

sample = "Hello"
ids = encode(sample)
recovered = decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Decoded    :", recovered)
