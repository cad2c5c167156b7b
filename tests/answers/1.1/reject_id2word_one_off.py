# reject: test_the_two_dictionaries_mirror_the_vocabulary: one table counts from 0, the other from 1, and decode makes up for it
# says: `id2word` does not lead back

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
for i, w in enumerate(vocab):
    word2id[w] = i
    id2word[i + 1] = w

print(f"Vocabulary size: {len(vocab)} words")
print("First 15 vocab entries:", vocab[:15])

def encode(text):
    return [word2id.get(word, word2id[UNK]) for word in text.split()]

def decode(ids):
    return " ".join(id2word[i + 1] for i in ids)

sample = "The brown unicorn jumps"
ids = encode(sample)
recovered = decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Decoded    :", recovered)
