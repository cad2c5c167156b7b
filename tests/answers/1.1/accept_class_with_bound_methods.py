# accept: a class does the work, its methods and tables are bound to the names

import re
corpus = [
    "The quick brown fox jumps over the lazy dog",
    "Tokenization converts text to numbers",
    "Large language models predict the next token"
]

PAD, UNK = "[PAD]", "[UNK]"


class WordTokenizer:
    """Lower-cases, keeps letters only."""

    def __init__(self, texts):
        self.vocab = [PAD, UNK]
        for text in texts:
            for w in self.split(text):
                if w not in self.vocab:
                    self.vocab.append(w)
        self.word2id = {w: i for i, w in enumerate(self.vocab)}

    @staticmethod
    def split(text):
        return re.sub(r"[^a-z\s]", "", text.lower()).split()

    def encode(self, text):
        unk = self.word2id[UNK]
        return [self.word2id.get(w, unk) for w in self.split(text)]

    def decode(self, ids):
        return " ".join(map(self.vocab.__getitem__, ids))


tok = WordTokenizer(corpus)
vocab, word2id = tok.vocab, tok.word2id
id2word = {v: k for k, v in word2id.items()}

print(f"Vocabulary size: {len(vocab)} words")
print("First 15 vocab entries:", vocab[:15])

encode = tok.encode
decode = tok.decode

sample = "The brown unicorn jumps"
ids = encode(sample)
recovered = decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Decoded    :", recovered)
