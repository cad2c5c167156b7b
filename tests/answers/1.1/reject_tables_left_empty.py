# reject: test_the_two_dictionaries_mirror_the_vocabulary: word2id and id2word are left empty, the list is searched instead
# says: `word2id` or `id2word` is empty

corpus = [
    "The quick brown fox jumps over the lazy dog",
    "Tokenization converts text to numbers",
    "Large language models predict the next token"
]

PAD, UNK = "[PAD]", "[UNK]"
vocab = []
word2id = {}
id2word = {}

words = [word for sentence in corpus for word in sentence.split()]
vocab = list(dict.fromkeys([PAD, UNK, *words]))

print(f"Vocabulary size: {len(vocab)} words")
print("First 15 vocab entries:", vocab[:15])

def encode(text):
    return [vocab.index(w) if w in vocab else vocab.index(UNK) for w in text.split()]

def decode(ids):
    return " ".join(vocab[i] for i in ids)

sample = "The brown unicorn jumps"
ids = encode(sample)
recovered = decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Decoded    :", recovered)
