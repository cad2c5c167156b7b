# accept: several texts in a dict, by what they are

import tiktoken

prompts = {"emoji": "The 🌟 star-player scored 40 points!", "code": "for i in range(10): print(i)"}

for label, prompt in prompts.items():
    for name in ("gpt2", "cl100k_base"):
        enc = tiktoken.get_encoding(name)
        ids = enc.encode(prompt)
        print(label, name, ids, [enc.decode([i]) for i in ids], enc.decode(ids))
