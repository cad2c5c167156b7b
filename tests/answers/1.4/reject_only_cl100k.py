# reject: test_gpt2_tokens_are_shown: only cl100k_base is used
# says: the tokens of the gpt2 encoding

# region answer
enc = tiktoken.get_encoding("cl100k_base")
ids = enc.encode(sentence)
print(ids)
print([enc.decode([i]) for i in ids])
print(enc.decode(ids))
# endregion
