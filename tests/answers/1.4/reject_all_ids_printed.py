# reject: test_gpt2_tokens_are_shown: every id there is was printed
# says: the tokens of the gpt2 encoding

# region answer
print(list(range(40_000)))
print(sentence, sentence)
# endregion
