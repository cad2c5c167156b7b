# reject: test_ids_are_gpt2s: encode returns tokens instead of ids
# says: returns tokens instead of their ids

# region answer
bpe_tok = AutoTokenizer.from_pretrained("gpt2")
# endregion
    # region answer
    return bpe_tok.tokenize(text)
    # endregion
    # region answer
    return bpe_tok.convert_tokens_to_string(ids)
    # endregion
