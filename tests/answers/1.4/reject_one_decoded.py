# reject: test_both_encodings_are_decoded_again: only one of the two is decoded
# says: only one encoding

# region answer
gpt2 = tiktoken.get_encoding("gpt2")
cl100k = tiktoken.get_encoding("cl100k_base")
ids1, ids2 = gpt2.encode(sentence), cl100k.encode(sentence)
print(ids1, ids2)
print(gpt2.decode(ids1))
# endregion
