# reject: test_gpt2_tokens_are_shown: only the numbers of tokens are shown
# says: neither printed nor kept

# region answer
for name in ["gpt2", "cl100k_base"]:
    print(name, len(tiktoken.get_encoding(name).encode(sentence)), "tokens")
# endregion
