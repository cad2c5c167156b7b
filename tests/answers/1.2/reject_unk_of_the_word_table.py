# reject: test_unknown_characters_share_one_id_of_this_vocabulary: unknown characters get word2id[UNK] of the cell before, here the id of a letter

import string

vocab = []
char2id = {}
id2char = {}
vocab = list(string.ascii_letters) + [PAD, UNK]
char2id = {ch: i for i, ch in enumerate(vocab)}
id2char = {i: ch for i, ch in enumerate(vocab)}
print(f"Vocabulary size: {len(vocab)} (52 letters + 2 specials)")

def encode(text):
    return [char2id.get(ch, word2id[UNK]) for ch in text]

def decode(ids):
    return "".join(id2char[i] for i in ids)

sample = "Hello"
ids = encode(sample)
recovered = decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Decoded    :", recovered)
