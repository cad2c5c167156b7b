# accept: decoded as one list of pieces for each encoding

# region answer
encs = [tiktoken.encoding_for_model("gpt2"), tiktoken.encoding_for_model("gpt-4")]
for enc in encs:
    tokens = enc.encode(sentence)
    print(enc.name, tokens, [enc.decode([t]) for t in tokens])
# endregion
