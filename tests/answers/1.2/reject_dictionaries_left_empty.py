# reject: test_the_two_dictionaries_mirror_the_vocabulary: char2id and id2char are left empty, the list is searched instead
# says: not every entry of `vocab` has an id

import string

vocab = []
char2id = {}
id2char = {}
vocab = [PAD, UNK] + list(string.ascii_letters)
print(f"Vocabulary size: {len(vocab)} (52 letters + 2 specials)")

def encode(text):
    return [vocab.index(ch) if ch in vocab else 1 for ch in text]

def decode(ids):
    return "".join(vocab[i] for i in ids)

sample = "Hello"
ids = encode(sample)
recovered = decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Decoded    :", recovered)
