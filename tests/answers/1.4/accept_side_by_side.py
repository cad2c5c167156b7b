# accept: a table with the tokens of both encodings side by side, checks that the text came back, then prints it

import tiktoken

from itertools import zip_longest

sentence = "The 🌟 star-player scored 40 points!"

a, b = map(tiktoken.get_encoding, ("gpt2", "cl100k_base"))
ids_a, ids_b = a.encode(sentence), b.encode(sentence)
print(f"{'gpt2':>10} {'cl100k':>10}")
for x, y in zip_longest(ids_a, ids_b, fillvalue=""):
    print(f"{x:>10} {y:>10}")
text_a, text_b = a.decode(ids_a), b.decode(ids_b)
assert text_a == sentence and text_b == sentence
print(text_a, text_b, sep="\n")
