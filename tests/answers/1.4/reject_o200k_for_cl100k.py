# reject: test_cl100k_base_tokens_are_shown: another encoding than the one asked for
# says: the tokens of the cl100k_base encoding

# region answer
for name in ["gpt2", "o200k_base"]:
    enc = tiktoken.get_encoding(name)
    ids = enc.encode(sentence)
    print(name, ids, enc.decode(ids))
# endregion
