# reject: test_vocabulary_holds_all_letters_and_whole_special_tokens: list() of letters plus the special tokens splits these into characters
# says: fell apart into characters

import string

vocab = []
char2id = {}
id2char = {}
vocab = list(string.ascii_letters + "[PAD]" + "[UNK]")
char2id = {ch: i for i, ch in enumerate(vocab)}
id2char = {i: ch for i, ch in enumerate(vocab)}
print(f"Vocabulary size: {len(vocab)} (52 letters + 2 specials)")

def encode(text):
    return [char2id.get(ch, len(vocab) - 1) for ch in text]

def decode(ids):
    return "".join(id2char[i] for i in ids)

sample = "Hello"
ids = encode(sample)
recovered = decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Decoded    :", recovered)
