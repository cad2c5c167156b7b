# reject: test_cl100k_base_tokens_are_shown: only gpt2 is used
# says: the tokens of the cl100k_base encoding

# region answer
enc = tiktoken.get_encoding("gpt2")
ids = enc.encode(sentence)
print(ids)
print(enc.decode(ids))
# endregion
