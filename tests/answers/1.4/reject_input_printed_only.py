# reject: test_both_encodings_are_decoded_again: the input is printed, nothing is decoded
# says: the sentence itself does not count

# region answer
print("Sentence:", sentence)
for name in ["gpt2", "cl100k_base"]:
    ids = tiktoken.get_encoding(name).encode(sentence)
    print(name, len(ids), ids)
# endregion
