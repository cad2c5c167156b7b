# accept: unknown characters by a defaultdict, lambdas, ids from 1, a list of tables

import string
from collections import defaultdict

letters = string.ascii_lowercase + string.ascii_uppercase
vocab = list(letters)
vocab += [UNK, PAD]
char2id = defaultdict(lambda: len(letters) + 1)
char2id.update((c, i) for i, c in enumerate(vocab, 1))
id2char = {i: c for i, c in enumerate(vocab, 1)}
print(f"Vocabulary size: {len(vocab)} (52 letters + 2 specials)")

encode = lambda text: list(map(lambda c: char2id[c], text))
decode = lambda ids: "".join(map(id2char.get, ids))

sample = "Hello"
ids = encode(sample)
recovered = decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Decoded    :", recovered)
