# accept: a loop over sentences that stand in its head

import tiktoken

old, new = tiktoken.get_encoding("gpt2"), tiktoken.get_encoding("cl100k_base")
for sentence in ["The 🌟 star-player scored 40 points!", "I 💛 coffee"]:
    for enc in [old, new]:
        token_ids = enc.encode(sentence)
        print(enc.name)
        print("ids:", token_ids)
        print("text:", enc.decode(token_ids))
