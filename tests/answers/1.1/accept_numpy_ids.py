# accept: ids are a numpy array, the vocabulary comes from np.unique

import numpy as np

corpus = [
    "The quick brown fox jumps over the lazy dog",
    "Tokenization converts text to numbers",
    "Large language models predict the next token"
]

PAD, UNK = "[PAD]", "[UNK]"
vocab = []
word2id = {}
id2word = {}

all_words = np.array(" ".join(corpus).split())
vocab = [PAD, UNK] + np.unique(all_words).tolist()
word2id = {w: np.int64(i) for i, w in enumerate(vocab)}
id2word = {int(i): w for w, i in word2id.items()}

print(f"Vocabulary size: {len(vocab)} words")
print("First 15 vocab entries:", vocab[:15])

def encode(text):
    return np.array([word2id.get(w, word2id[UNK]) for w in text.split()], dtype=np.int64)

def decode(ids):
    return " ".join(id2word[int(i)] for i in ids)

sample = "The brown unicorn jumps"
ids = encode(sample)
recovered = decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Decoded    :", recovered)
