# accept: compares with the number of bytes, which half an emoji does not have

# region answer
print(len(sentence), "characters,", len(sentence.encode("utf-8")), "bytes")
for name in ("gpt2", "cl100k_base"):
    tokenizer = tiktoken.get_encoding(name)
    tokens = tokenizer.encode(sentence)
    print(f"Encoding {name}: {tokens}")
    print(f"Decoding {name}: {tokenizer.decode(tokens)}")
# endregion
