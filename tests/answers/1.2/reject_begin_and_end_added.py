# reject: test_each_letter_becomes_its_id: encode puts [BOS] and [EOS] around every text
# says: ids that stand for no character

import string

vocab = []
char2id = {}
id2char = {}
vocab = [PAD, UNK, '[BOS]', '[EOS]'] + list(string.ascii_letters)
char2id = {ch: i for i, ch in enumerate(vocab)}
id2char = {i: ch for i, ch in enumerate(vocab)}
print(f"Vocabulary size: {len(vocab)} (52 letters + 2 specials)")

def encode(text):
    return [char2id["[BOS]"], *(char2id.get(ch, char2id[UNK]) for ch in text), char2id["[EOS]"]]

def decode(ids):
    return "".join(id2char[i] for i in ids)

sample = "Hello"
ids = encode(sample)
recovered = decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Decoded    :", recovered)
