# accept: the sentence goes by another name

import tiktoken

my_text = "A sentence of my own, with 3 numbers 🚀"

enc_a, enc_b = (tiktoken.get_encoding(n) for n in ("gpt2", "cl100k_base"))
print(enc_a.encode(my_text), enc_a.decode(enc_a.encode(my_text)))
print(enc_b.encode(my_text), enc_b.decode(enc_b.encode(my_text)))
