# reject: test_cl100k_base_tokens_are_shown: a function shows the first ten ids only
# says: the tokens of the cl100k_base encoding

# region answer
def show(name):
    enc = tiktoken.get_encoding(name)
    ids = enc.encode(sentence)
    print(name, len(ids), ids[:10], enc.decode(ids))

show("gpt2")
show("cl100k_base")
# endregion
