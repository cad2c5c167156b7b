# reject: test_decode_gives_the_text_back: decode returns the text that was encoded last
# says: is not the text

import string

vocab = []
char2id = {}
id2char = {}
vocab = [PAD, UNK] + list(string.ascii_letters)
char2id = {ch: i for i, ch in enumerate(vocab)}
id2char = {i: ch for i, ch in enumerate(vocab)}
print(f"Vocabulary size: {len(vocab)} (52 letters + 2 specials)")

last_text = ""

def encode(text):
    global last_text
    last_text = "".join(ch if ch in char2id else UNK for ch in text)
    return [char2id.get(ch, char2id[UNK]) for ch in text]

def decode(ids):
    return last_text

sample = "Hello"
ids = encode(sample)
recovered = decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Decoded    :", recovered)
