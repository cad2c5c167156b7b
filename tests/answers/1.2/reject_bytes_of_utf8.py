# reject: test_unknown_characters_share_one_id_of_this_vocabulary: an emoji becomes four ids, one for each byte
# says: Every character takes one place

import string

vocab = []
char2id = {}
id2char = {}
vocab = [PAD, UNK] + list(string.ascii_letters)
char2id = {ch: i for i, ch in enumerate(vocab)}
id2char = {i: ch for i, ch in enumerate(vocab)}
print(f"Vocabulary size: {len(vocab)} (52 letters + 2 specials)")

def encode(text):
    return [char2id.get(chr(byte), char2id[UNK]) for byte in text.encode("utf-8")]

def decode(ids):
    return "".join(id2char[i] for i in ids)

sample = "Hello"
ids = encode(sample)
recovered = decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Decoded    :", recovered)
