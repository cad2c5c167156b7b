# reject: test_both_encodings_are_decoded_again: what is shown as decoded is the input itself
# says: the sentence itself does not count

# region answer
for name in ["gpt2", "cl100k_base"]:
    enc = tiktoken.get_encoding(name)
    ids = enc.encode(sentence)
    decoded = sentence
    print(name, ids)
    print("Decoded:", decoded)
# endregion
