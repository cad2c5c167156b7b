# accept: everything in capitals, with helper functions and two more special tokens at the end

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

def normalize(text):
    return text.upper().split()

def make_vocab(sentences):
    def unique(items):
        result = []
        for item in items:
            if item not in result:
                result.append(item)
        return result
    return unique(w for s in sentences for w in normalize(s)) + [PAD, UNK, BOS, EOS]

vocab = make_vocab(corpus)
word2id = {w: i for i, w in enumerate(vocab)}
id2word = {i: w for w, i in word2id.items()}

print(f"Vocabulary size: {len(vocab)} words")
print("First 15 vocab entries:", vocab[:15])

def lookup(word):
    try:
        return word2id[word]
    except KeyError:
        return word2id[UNK]

def encode(text):
    return list(map(lookup, normalize(text)))

def decode(ids):
    return " ".join(id2word.get(i, UNK) for i in ids if id2word.get(i) not in (PAD, BOS, EOS))

sample = "The brown unicorn jumps"
ids = encode(sample)
recovered = decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Decoded    :", recovered)
