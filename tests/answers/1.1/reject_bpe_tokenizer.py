# reject: test_each_known_word_becomes_its_id: a ready-made BPE tokenizer encodes, the vocabulary is never used
# says: `encode` gives ids other than those in `word2id`

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

from transformers import AutoTokenizer
tokenizer = AutoTokenizer.from_pretrained("gpt2")

print(f"Vocabulary size: {len(vocab)} words")
print("First 15 vocab entries:", vocab[:15])

def encode(text):
    return tokenizer.encode(text)

def decode(ids):
    return tokenizer.decode(ids)

sample = "The brown unicorn jumps"
ids = encode(sample)
recovered = decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Decoded    :", recovered)
