# accept: the corpus is cleaned and cut into lists of words before anything else

corpus = [
    "The quick brown fox jumps over the lazy dog",
    "Tokenization converts text to numbers",
    "Large language models predict the next token"
]
corpus = [sentence.lower().split() for sentence in corpus]

PAD, UNK = "[PAD]", "[UNK]"
vocab = []
word2id = {}
id2word = {}

vocab = sorted({w for sentence in corpus for w in sentence}) + [PAD, UNK]
for n, w in enumerate(vocab):
    word2id[w], id2word[n] = n, w

print(f"Vocabulary size: {len(vocab)} words")
print("First 15 vocab entries:", vocab[:15])

def encode(text):
    unk_id = word2id[UNK]
    out = []
    for w in text.lower().split():
        out.append(word2id.get(w, unk_id))
    return out

def decode(ids):
    out = ""
    for i in ids:
        out += id2word[i] + " "
    return out.strip()

sample = "The brown unicorn jumps"
ids = encode(sample)
recovered = decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Decoded    :", recovered)
