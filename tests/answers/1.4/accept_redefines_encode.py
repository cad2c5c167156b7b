# accept: encode and decode are defined again, with other signatures

# region answer
def encode(text, name):
    return tiktoken.get_encoding(name).encode(text)

def decode(ids, name):
    return tiktoken.get_encoding(name).decode(ids)

for name in ["gpt2", "cl100k_base"]:
    ids = encode(sentence, name)
    print(name, ids, decode(ids, name), sep="\n")
# endregion
