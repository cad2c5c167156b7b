# reject: test_both_encodings_are_decoded_again: both encode, nothing is decoded
# says: the ids are not decoded again

# region answer
for name in ["gpt2", "cl100k_base"]:
    ids = tiktoken.get_encoding(name).encode(sentence)
    print(name, len(ids), ids)
# endregion
