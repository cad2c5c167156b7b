# accept: words are found by a regular expression, unknown ones by a defaultdict

import re
from collections import defaultdict

corpus = [
    "The quick brown fox jumps over the lazy dog",
    "Tokenization converts text to numbers",
    "Large language models predict the next token"
]

PAD, UNK = "[PAD]", "[UNK]"
vocab = []
word2id = {}
id2word = {}

vocab = [PAD, UNK] + list(dict.fromkeys(re.findall(r"\w+", " ".join(corpus))))
word2id = defaultdict(lambda: vocab.index(UNK), {word: i for i, word in enumerate(vocab)})
id2word = {i: word for i, word in enumerate(vocab)}

print(f"Vocabulary size: {len(vocab)} words")
print("First 15 vocab entries:", vocab[:15])

def encode(text):
    return [word2id[word] for word in re.findall(r"\w+", text)]

def decode(ids):
    return " ".join(id2word.get(i, UNK) for i in ids)

sample = "The brown unicorn jumps"
ids = encode(sample)
recovered = decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Decoded    :", recovered)
