# accept: specials are spelled <PAD> and <UNK>, and two more are added

corpus = [
    "The quick brown fox jumps over the lazy dog",
    "Tokenization converts text to numbers",
    "Large language models predict the next token"
]

PAD, UNK = "<PAD>", "<UNK>"
vocab = []
word2id = {}
id2word = {}

vocab = [PAD, UNK, "<BOS>", "<EOS>"]
for line in corpus:
    for word in line.split():
        if word not in vocab:
            vocab.append(word)
word2id = {word: index for index, word in enumerate(vocab)}
id2word = dict(enumerate(vocab))

print(f"Vocabulary size: {len(vocab)} words")
print("First 15 vocab entries:", vocab[:15])

def encode(text):
    ids = []
    for word in text.split():
        try:
            ids.append(word2id[word])
        except KeyError:
            ids.append(word2id[UNK])
    return ids

def decode(ids):
    return " ".join(id2word[i] for i in ids)

sample = "The brown unicorn jumps"
ids = encode(sample)
recovered = decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Decoded    :", recovered)
