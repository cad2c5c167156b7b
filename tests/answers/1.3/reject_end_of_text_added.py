# reject: test_ids_are_gpt2s: an end-of-text token is put around every text
# says: adds special tokens

# region answer
bpe_tok = AutoTokenizer.from_pretrained("gpt2")
# endregion
    # region answer
    return [bpe_tok.bos_token_id] + bpe_tok.encode(text) + [bpe_tok.eos_token_id]
    # endregion
    # region answer
    return bpe_tok.decode(ids, skip_special_tokens=True)
    # endregion
