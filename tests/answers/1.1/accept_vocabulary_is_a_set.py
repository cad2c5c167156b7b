# accept: the vocabulary stays a set, and the line that prints it follows

corpus = [
    "The quick brown fox jumps over the lazy dog",
    "Tokenization converts text to numbers",
    "Large language models predict the next token"
]

PAD, UNK = "[PAD]", "[UNK]"
vocab = []
word2id = {}
id2word = {}

vocab = {PAD, UNK}
for sentence in corpus:
    vocab |= set(sentence.split())
word2id = {w: i for i, w in enumerate(sorted(vocab))}
id2word = {i: w for w, i in word2id.items()}

print(f"Vocabulary size: {len(vocab)} words")
print("First 15 vocab entries:", sorted(vocab)[:15])

def encode(text):
    return [word2id.get(word, word2id[UNK]) for word in text.split()]

def decode(ids):
    return " ".join(id2word[i] for i in ids)

sample = "The brown unicorn jumps"
ids = encode(sample)
recovered = decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Decoded    :", recovered)
