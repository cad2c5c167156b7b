# accept: nothing is printed, everything is kept in a dict

# region answer
results = {}
for name in ["gpt2", "cl100k_base"]:
    encoding = tiktoken.get_encoding(name)
    ids = encoding.encode(sentence)
    results[name] = {"encoding": encoding, "ids": ids, "pieces": [encoding.decode_single_token_bytes(i) for i in ids]}
gpt2_text = results["gpt2"]["encoding"].decode(results["gpt2"]["ids"])
cl100k_text = results["cl100k_base"]["encoding"].decode(results["cl100k_base"]["ids"])
# endregion
