# reject: test_decode_reads_gpt2s_ids: decode glues the raw tokens together
# says: does not turn GPT-2's ids into their text

# region answer
bpe_tok = AutoTokenizer.from_pretrained("gpt2")
# endregion
    # region answer
    return bpe_tok.encode(text)
    # endregion
    # region answer
    return "".join(bpe_tok.convert_ids_to_tokens(ids))
    # endregion
