# accept: pieces separated by bars, and no ids

# region answer
def show(enc):
    pieces = [enc.decode([i]) for i in enc.encode(sentence)]
    print(f"{enc.name}: {len(pieces)} tokens: " + " | ".join(pieces))

show(tiktoken.get_encoding("gpt2"))
show(tiktoken.get_encoding("cl100k_base"))
# endregion
