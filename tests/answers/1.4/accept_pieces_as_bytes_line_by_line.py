# accept: only the pieces are printed, as bytes, one per line

import tiktoken

sentence = "The 🌟 star-player scored 40 points!"

def show(name):
    enc = tiktoken.get_encoding(name)
    print("===", name)
    for i in enc.encode(sentence):
        print(enc.decode_single_token_bytes(i))

show("gpt2")
show("cl100k_base")
