# reject: test_both_encodings_are_decoded_again: the input is printed, too, so that the text stands there twice, but one encoding is never decoded
# says: only one encoding

# region answer
gpt2 = tiktoken.get_encoding("gpt2")
cl100k = tiktoken.get_encoding("cl100k_base")

print("Original:", sentence)
print("gpt2 ids:", gpt2.encode(sentence))
print("gpt2 decoded:", gpt2.decode(gpt2.encode(sentence)))
print("cl100k ids:", cl100k.encode(sentence))
# endregion
