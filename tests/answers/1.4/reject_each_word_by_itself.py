# reject: test_gpt2_tokens_are_shown: the sentence is split into words before it is encoded
# says: the tokens of the gpt2 encoding

# region answer
for name in ["gpt2", "cl100k_base"]:
    enc = tiktoken.get_encoding(name)
    ids = [i for word in sentence.split() for i in enc.encode(word)]
    print(name, ids, enc.decode(ids))
# endregion
