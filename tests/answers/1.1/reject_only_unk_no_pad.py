# reject: test_vocabulary_holds_each_word_and_special_token_once: PAD is forgotten
# says: PAD or UNK is not in `vocab`

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
vocab = list(dict.fromkeys([UNK, *words]))
word2id = {word: i for i, word in enumerate(vocab)}
id2word = {i: word for i, word in enumerate(vocab)}

print(f"Vocabulary size: {len(vocab)} words")
print("First 15 vocab entries:", vocab[:15])

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
