# %% [raw]
# [[exercise]]
# id = "1.1"
# title = "Word-level tokenization"
# points = 8
# course_cell = "d784a288"
# heading = "1.1 - Word‑level tokenization"
# teaches = "A tokenizer is a vocabulary plus two functions, and words outside the vocabulary need an id of their own."
# answers = ["vocab", "word2id", "id2word", "encode", "decode"]
# hints = [
#     "Write down the vocabulary of the corpus by hand: which entries appear twice in the text, and which never appear?",
#     """Put PAD and UNK into `vocab` first, then each word of the corpus once. The two dictionaries are that list \
# read forwards and backwards. `dict.get(key, default)` is made for words that nobody has seen.""",
#     """`vocab = list(dict.fromkeys([PAD, UNK, *words]))` keeps each word once, in order. Fill `word2id` and `id2word` \
# from `enumerate(vocab)`. `encode` looks up every piece of `text.split()` and falls back on `word2id[UNK]`; `decode` \
# joins the words with a space. Both `return` their result.""",
# ]
#
# [[exercise.givens]]
# name = "corpus"
# source = "cell"
#
# [[exercise.givens]]
# name = "PAD"
# source = "cell"
#
# [[exercise.givens]]
# name = "UNK"
# source = "cell"
#
# [exercise.limits]
# run_s = 12.0
# ask_s = 12.0

# %%
# 1. A corpus of three sentences
corpus = [
    "The quick brown fox jumps over the lazy dog",
    "Tokenization converts text to numbers",
    "Large language models predict the next token"
]

# 2. The vocabulary: both special tokens and every word of the corpus, each of them once
PAD, UNK = "[PAD]", "[UNK]"
vocab = []
word2id = {}
id2word = {}

# region answer
words = [word for sentence in corpus for word in sentence.split()]
vocab = list(dict.fromkeys([PAD, UNK, *words]))  # a dict keeps the first of each, in order
word2id = {word: i for i, word in enumerate(vocab)}
id2word = {i: word for word, i in word2id.items()}
# endregion

print(f"Vocabulary size: {len(vocab)} words")
print("First 15 vocab entries:", vocab[:15])

# 3. From text to ids and back
def encode(text):
    # One id per word; a word that the vocabulary lacks gets the id of UNK
    # region answer
    return [word2id.get(word, word2id[UNK]) for word in text.split()]
    # endregion

def decode(ids):
    # The words of these ids as one string
    # region answer
    return " ".join(id2word[i] for i in ids)
    # endregion

# 4. Try it on a sentence with a word that the corpus does not have
sample = "The brown unicorn jumps"
ids = encode(sample)
recovered = decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Decoded    :", recovered)
