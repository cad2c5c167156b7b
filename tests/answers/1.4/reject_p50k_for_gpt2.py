# reject: test_gpt2_tokens_are_shown: another encoding than the one asked for, alike but for its spaces
# says: the tokens of the gpt2 encoding

# region answer
for name in ["p50k_base", "cl100k_base"]:
    enc = tiktoken.get_encoding(name)
    ids = enc.encode(sentence)
    print(name, ids, enc.decode(ids))
# endregion
