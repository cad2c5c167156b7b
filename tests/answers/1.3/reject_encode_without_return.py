# reject: test_ids_are_gpt2s: encode forgets to return
# says: `encode(...)` returned None

# region answer
bpe_tok = AutoTokenizer.from_pretrained("gpt2")
# endregion
    # region answer
    ids = bpe_tok.encode(text)
    # endregion
    # region answer
    return bpe_tok.decode(ids)
    # endregion
