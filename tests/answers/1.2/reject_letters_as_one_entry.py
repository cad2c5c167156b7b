# reject: test_vocabulary_holds_all_letters_and_whole_special_tokens: the string of letters is one entry of the list
# says: as one long entry

import string

vocab = []
char2id = {}
id2char = {}
vocab = [PAD, UNK] + [string.ascii_letters]
char2id = {ch: i for i, ch in enumerate(vocab)}
id2char = {i: ch for i, ch in enumerate(vocab)}
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
