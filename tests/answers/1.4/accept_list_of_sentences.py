# accept: the sentence was replaced by a list of them, and a loop goes over it

import tiktoken

sentences = [
    "The 🌟 star-player scored 40 points!",
    "def add(a, b): return a + b",
    "Größe, naïve, 日本語",
]

encoders = {name: tiktoken.get_encoding(name) for name in ("gpt2", "cl100k_base")}

for text in sentences:
    print(f"\n=== {text}")
    for name, enc in encoders.items():
        ids = enc.encode(text)
        print(f"{name:12} | {len(ids):2} tokens | {ids} | {enc.decode(ids)!r}")
