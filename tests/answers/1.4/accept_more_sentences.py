# accept: more sentences, more encodings, a bare last line

# region answer
sentences = [sentence, "print('hello')", "日本語"]
rows = []
for s in sentences:
    for name in ["gpt2", "r50k_base", "cl100k_base"]:
        enc = tiktoken.get_encoding(name)
        rows.append((name, enc.encode(s), enc.decode(enc.encode(s))))
rows
# endregion
