# reject: test_cl100k_base_tokens_are_shown: both names stand there, the gpt2 encoding is used for both
# says: the second one is cl100k_base

# region answer
enc = tiktoken.get_encoding("gpt2")
for name in ["gpt2", "cl100k_base"]:
    ids = enc.encode(sentence)
    print(name, ids, enc.decode(ids))
# endregion
