# accept: pieces separated by bars, and no ids

import tiktoken

sentence = "The 🌟 star-player scored 40 points!"

def show(enc):
    pieces = [enc.decode([i]) for i in enc.encode(sentence)]
    print(f"{enc.name}: {len(pieces)} tokens: " + " | ".join(pieces))

show(tiktoken.get_encoding("gpt2"))
show(tiktoken.get_encoding("cl100k_base"))
