# accept: only the pieces are printed, as bytes, one per line

# region answer
def show(name):
    enc = tiktoken.get_encoding(name)
    print("===", name)
    for i in enc.encode(sentence):
        print(enc.decode_single_token_bytes(i))

show("gpt2")
show("cl100k_base")
# endregion
