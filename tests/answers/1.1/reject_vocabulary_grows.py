# reject: test_unknown_words_share_one_id: unknown words are added to the vocabulary on the fly
# says: unknown words get different ids

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
word2id = {word: i for i, word in enumerate(vocab)}
id2word = {i: word for i, word in enumerate(vocab)}

print(f"Vocabulary size: {len(vocab)} words")
print("First 15 vocab entries:", vocab[:15])

def encode(text):
    ids = []
    for word in text.split():
        if word not in word2id:
            word2id[word] = len(vocab)
            id2word[len(vocab)] = word
            vocab.append(word)
        ids.append(word2id[word])
    return ids

def decode(ids):
    return " ".join(id2word[i] for i in ids)

sample = "The brown unicorn jumps"
ids = encode(sample)
recovered = decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Decoded    :", recovered)
