# reject: test_long_texts_are_encoded_whole: every text is filled up to the same length
# says: No padding

# region answer
bpe_tok = AutoTokenizer.from_pretrained("gpt2")

bpe_tok.pad_token = bpe_tok.eos_token
# endregion
    # region answer
    return bpe_tok(text, padding="max_length", max_length=32)["input_ids"]
    # endregion
    # region answer
    return bpe_tok.decode(ids, skip_special_tokens=True)
    # endregion
