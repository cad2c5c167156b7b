# accept: only the pieces are printed, not the ids

import tiktoken

sentence = "The 🌟 star-player scored 40 points!"

for name in ["gpt2", "cl100k_base"]:
    enc = tiktoken.get_encoding(name)
    print(name, [enc.decode([i]) for i in enc.encode(sentence)])
