# accept: only the pieces are printed, not the ids

# region answer
for name in ["gpt2", "cl100k_base"]:
    enc = tiktoken.get_encoding(name)
    print(name, [enc.decode([i]) for i in enc.encode(sentence)])
# endregion
