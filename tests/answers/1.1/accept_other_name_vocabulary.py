# accept: the list is called vocabulary, the lines that print it follow

corpus = [
    "The quick brown fox jumps over the lazy dog",
    "Tokenization converts text to numbers",
    "Large language models predict the next token"
]

PAD, UNK = "[PAD]", "[UNK]"
vocabulary = [PAD, UNK]
for sentence in corpus:
    for word in sentence.lower().split():
        if word not in vocabulary:
            vocabulary.append(word)
word2id = {w: i for i, w in enumerate(vocabulary)}
id2word = {i: w for i, w in enumerate(vocabulary)}

print(f"Vocabulary size: {len(vocabulary)} words")
print("First 15 vocab entries:", vocabulary[:15])

def encode(text):
    return [word2id.get(word, word2id[UNK]) for word in text.lower().split()]

def decode(ids):
    return " ".join(id2word[i] for i in ids)

sample = "The brown unicorn jumps"
ids = encode(sample)
recovered = decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Decoded    :", recovered)
