# accept: nothing is printed; one dict holds ids and texts of both

# region answer
def run(name):
    enc = tiktoken.get_encoding(name)
    return {"ids": enc.encode(sentence), "text": enc.decode(enc.encode(sentence))}

results = {name: run(name) for name in ("gpt2", "cl100k_base")}
results["gpt2"]["text"]
# endregion
