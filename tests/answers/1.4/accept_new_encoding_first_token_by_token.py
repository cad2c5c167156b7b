# accept: cl100k_base comes first; ids and pieces line by line, nothing else

# region answer
for name in ["cl100k_base", "gpt2"]:
    enc = tiktoken.get_encoding(name)
    for position, token_id in enumerate(enc.encode(sentence)):
        print(position, token_id, enc.decode_single_token_bytes(token_id).decode("utf-8", errors="replace"))
# endregion
