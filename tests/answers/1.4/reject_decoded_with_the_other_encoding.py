# reject: test_both_encodings_are_decoded_again: both lists of ids are decoded with cl100k_base
# says: only one encoding

# region answer
enc1 = tiktoken.get_encoding("gpt2")
enc2 = tiktoken.get_encoding("cl100k_base")
ids1, ids2 = enc1.encode(sentence), enc2.encode(sentence)
print(ids1, enc2.decode(ids1))
print(ids2, enc2.decode(ids2))
# endregion
