# reject: test_unknown_words_share_one_id: a word that begins like a known one gets its id
# says: only begins or ends like a known one

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
        similar = [entry for entry in vocab if len(entry) > 3 and word.startswith(entry)]
        if word in word2id:
            ids.append(word2id[word])
        elif similar:
            ids.append(word2id[similar[0]])
        else:
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
