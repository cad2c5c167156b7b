# accept: the marker was left standing above the code; id2word is a list

corpus = [
    "The quick brown fox jumps over the lazy dog",
    "Tokenization converts text to numbers",
    "Large language models predict the next token"
]

PAD, UNK = "[PAD]", "[UNK]"
vocab = []
word2id = {}
id2word = {}

"""
YOUR CODE HERE
"""
vocab = sorted(set(" ".join(corpus).split()))
vocab.insert(0, UNK)
vocab.append(PAD)
word2id = dict(zip(vocab, range(len(vocab))))
id2word = vocab

print(f"Vocabulary size: {len(vocab)} words")
print("First 15 vocab entries:", vocab[:15])

def encode(text):
    """
    YOUR CODE HERE
    """
    return [word2id[w] if w in word2id else word2id[UNK] for w in text.split()]
    pass

def decode(ids):
    words = []
    for i in ids:
        words.append(id2word[i])
    return " ".join(words).strip()

sample = "The brown unicorn jumps"
ids = encode(sample)
recovered = decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Decoded    :", recovered)
