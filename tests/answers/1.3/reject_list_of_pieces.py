# reject: test_decode_reads_gpt2s_ids: decode returns the pieces in a list
# says: `decode(...)` is not text

# region answer
bpe_tok = AutoTokenizer.from_pretrained("gpt2")
# endregion
    # region answer
    return bpe_tok.encode(text)
    # endregion
    # region answer
    return [bpe_tok.decode([i]) for i in ids]
    # endregion
