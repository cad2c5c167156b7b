# reject: test_each_known_word_becomes_its_id: encode puts [BOS] and [EOS] around every text
# says: ids that stand for no word of the text

corpus = [
    "The quick brown fox jumps over the lazy dog",
    "Tokenization converts text to numbers",
    "Large language models predict the next token"
]

PAD, UNK = "[PAD]", "[UNK]"
vocab = []
word2id = {}
id2word = {}

BOS, EOS = "[BOS]", "[EOS]"
vocab = list(dict.fromkeys([PAD, UNK, BOS, EOS, *" ".join(corpus).split()]))
word2id = {word: i for i, word in enumerate(vocab)}
id2word = {i: word for i, word in enumerate(vocab)}

print(f"Vocabulary size: {len(vocab)} words")
print("First 15 vocab entries:", vocab[:15])

def encode(text):
    return [word2id[BOS]] + [word2id.get(word, word2id[UNK]) for word in text.split()] + [word2id[EOS]]

def decode(ids):
    return " ".join(id2word[i] for i in ids)

sample = "The brown unicorn jumps"
ids = encode(sample)
recovered = decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Decoded    :", recovered)
