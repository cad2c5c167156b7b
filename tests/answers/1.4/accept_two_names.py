# accept: two encodings, each with names of its own

# region answer
gpt2_enc = tiktoken.get_encoding("gpt2")
cl100k_enc = tiktoken.get_encoding("cl100k_base")

gpt2_ids = gpt2_enc.encode(sentence)
cl100k_ids = cl100k_enc.encode(sentence)
print("GPT-2:", len(gpt2_ids), gpt2_ids)
print("cl100k:", len(cl100k_ids), cl100k_ids)
print("GPT-2 decoded:", gpt2_enc.decode(gpt2_ids))
print("cl100k decoded:", cl100k_enc.decode(cl100k_ids))
# endregion
