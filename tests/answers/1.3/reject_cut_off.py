# reject: test_long_texts_are_encoded_whole: truncation to a length that the demo does not reach
# says: a long text is cut off

# region answer
bpe_tok = AutoTokenizer.from_pretrained("gpt2")
# endregion
    # region answer
    return bpe_tok.encode(text, truncation=True, max_length=128)
    # endregion
    # region answer
    return bpe_tok.decode(ids)
    # endregion
