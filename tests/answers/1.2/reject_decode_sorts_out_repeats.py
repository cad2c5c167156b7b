# reject: test_decode_gives_the_text_back: repeated letters come back once
# says: does not turn ids into the characters

import string

vocab = []
char2id = {}
id2char = {}
vocab = [PAD, UNK] + list(string.ascii_letters)
char2id = {ch: i for i, ch in enumerate(vocab)}
id2char = {i: ch for i, ch in enumerate(vocab)}
print(f"Vocabulary size: {len(vocab)} (52 letters + 2 specials)")

def encode(text):
    return [char2id.get(ch, char2id[UNK]) for ch in text]

def decode(ids):
    text = ""
    for i in ids:
        if not text.endswith(id2char[i]):
            text += id2char[i]
    return text

sample = "Hello"
ids = encode(sample)
recovered = decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Decoded    :", recovered)
