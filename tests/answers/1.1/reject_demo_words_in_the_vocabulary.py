# reject: test_another_corpus_gives_another_vocabulary: the words of the demo sentence are put into the vocabulary, so that nothing is unknown in it
# says: all of it and nothing else

corpus = [
    "The quick brown fox jumps over the lazy dog",
    "Tokenization converts text to numbers",
    "Large language models predict the next token"
]

PAD, UNK = "[PAD]", "[UNK]"
vocab = []
word2id = {}
id2word = {}

sample = "The brown unicorn jumps"
vocab = [PAD, UNK] + sorted(set((" ".join(corpus) + " " + sample).split()))
word2id = {word: i for i, word in enumerate(vocab)}
id2word = {i: word for i, word in enumerate(vocab)}

print(f"Vocabulary size: {len(vocab)} words")
print("First 15 vocab entries:", vocab[:15])

def encode(text):
    return [word2id.get(word, word2id[UNK]) for word in text.split()]

def decode(ids):
    return " ".join(id2word[i] for i in ids)

ids = encode(sample)
recovered = decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Decoded    :", recovered)
