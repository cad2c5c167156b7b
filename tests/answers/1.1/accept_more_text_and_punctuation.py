# accept: sentences are added to the corpus, punctuation is split off

import re

corpus = [
    "The quick brown fox jumps over the lazy dog",
    "Tokenization converts text to numbers",
    "Large language models predict the next token"
]

PAD, UNK = "[PAD]", "[UNK]"
vocab = []
word2id = {}
id2word = {}

corpus.append("Well, a tokenizer isn't magic: it is a look-up table!")
corpus += ["The unicorn, too, is a word."]

def split_words(text):
    """Lower-case words and punctuation marks."""
    return re.findall(r"\w+|[^\w\s]", text.lower())

def build(texts):
    global vocab, word2id, id2word
    seen = {PAD: None, UNK: None}
    for text in texts:
        seen.update(dict.fromkeys(split_words(text)))
    vocab = list(seen)
    word2id = {w: i for i, w in enumerate(vocab)}
    id2word = dict(enumerate(vocab))

build(corpus)

print(f"Vocabulary size: {len(vocab)} words")
print("First 15 vocab entries:", vocab[:15])

def encode(text):
    return [idx if (idx := word2id.get(w)) is not None else word2id[UNK] for w in split_words(text)]

def decode(ids):
    return " ".join(id2word[i] for i in ids)

sample = "The brown unicorn jumps"
ids = encode(sample)
recovered = decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Decoded    :", recovered)
