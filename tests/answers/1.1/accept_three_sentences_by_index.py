# accept: the three sentences are taken by index; type hints and lambdas

corpus = [
    "The quick brown fox jumps over the lazy dog",
    "Tokenization converts text to numbers",
    "Large language models predict the next token"
]

PAD, UNK = "[PAD]", "[UNK]"
vocab = []
word2id = {}
id2word = {}

vocab: list[str] = [PAD, UNK]
for word in corpus[0].split() + corpus[1].split() + corpus[2].split():
    if word in vocab:
        continue
    vocab += [word]
word2id: dict[str, int] = dict(zip(vocab, range(len(vocab))))
id2word: dict[int, str] = dict(zip(range(len(vocab)), vocab))

print(f"Vocabulary size: {len(vocab)} words")
print("First 15 vocab entries:", vocab[:15])

encode = lambda text: [word2id[w if w in word2id else UNK] for w in text.split()]
decode = lambda ids: " ".join([id2word[i] for i in ids])

sample = "The brown unicorn jumps"
ids = encode(sample)
recovered = decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Decoded    :", recovered)
