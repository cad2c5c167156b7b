# accept: the markers were left standing; helper functions, a global statement, numpy

import string
import numpy as np

vocab = []
char2id = {}
id2char = {}
"""
YOUR CODE HERE
"""
def build_vocab():
    global vocab, char2id, id2char
    vocab = [chr(n) for n in np.r_[97:123, 65:91]]
    vocab.insert(0, "[UNK]")
    vocab.insert(0, "[PAD]")
    char2id = dict(zip(vocab, np.arange(len(vocab))))
    id2char = dict(zip(range(len(vocab)), vocab))

build_vocab()
print(f"Vocabulary size: {len(vocab)} (52 letters + 2 specials)")

def char_to_id(c):
    return char2id[c] if c in char2id else char2id["[UNK]"]

def encode(text):
    """
    YOUR CODE HERE
    """
    return np.array([char_to_id(c) for c in text], dtype=int)

def decode(ids):
    """
    YOUR CODE HERE
    """
    out = []
    for i in ids:
        out.append(id2char[int(i)])
    return "".join(out)

sample = "Hello"
ids = encode(sample)
recovered = decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Decoded    :", recovered)
