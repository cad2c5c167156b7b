# accept: the corpus becomes one long text, words are ordered by how often they occur, tuples of ids

from collections import Counter, OrderedDict

corpus = [
    "The quick brown fox jumps over the lazy dog",
    "Tokenization converts text to numbers",
    "Large language models predict the next token"
]
corpus = " ".join(corpus)

PAD, UNK = "[PAD]", "[UNK]"

counts = Counter(corpus.split())
vocab = [w for w, _ in counts.most_common()]
vocab.extend((UNK, PAD))
word2id = OrderedDict((w, i) for i, w in enumerate(vocab))
id2word = OrderedDict((i, w) for i, w in enumerate(vocab))

print(f"Vocabulary size: {len(vocab)} words")
print("First 15 vocab entries:", vocab[:15])

def encode(text):
    return tuple(word2id.get(w, word2id[UNK]) for w in text.split())

def decode(ids):
    return " ".join(tuple(id2word[i] for i in ids))

sample = "The brown unicorn jumps"
ids = encode(sample)
recovered = decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Decoded    :", recovered)
