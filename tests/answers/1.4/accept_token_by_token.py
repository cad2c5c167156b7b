# accept: decoded token by token only, one per line, with ids of their own lines

# region answer
for name in ("gpt2", "cl100k_base"):
    enc = tiktoken.get_encoding(name)
    ids = enc.encode(sentence)
    print(f"--- {name} ({len(ids)} tokens)")
    for i, token in enumerate(ids):
        print(f"{i:2d}: {token} -> {enc.decode([token])!r}")
# endregion
