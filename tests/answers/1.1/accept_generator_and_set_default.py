# accept: encode is a generator, the table grows by setdefault while it is built

corpus = [
    "The quick brown fox jumps over the lazy dog",
    "Tokenization converts text to numbers",
    "Large language models predict the next token"
]

PAD, UNK = "[PAD]", "[UNK]"
vocab = []
word2id = {}
id2word = {}

for token in [PAD, UNK] + " ".join(corpus).split():
    word2id.setdefault(token, len(word2id))
vocab = list(word2id)
id2word = {i: w for w, i in word2id.items()}

print(f"Vocabulary size: {len(vocab)} words")
print("First 15 vocab entries:", vocab[:15])

def encode(text):
    for token in text.split():
        yield word2id.get(token, word2id[UNK])

def decode(ids):
    return " ".join(map(id2word.get, ids))

sample = "The brown unicorn jumps"
ids = list(encode(sample))
recovered = decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Decoded    :", recovered)
