# accept: special tokens are switched off, and a pad token is added

# region answer
bpe_tok = AutoTokenizer.from_pretrained("gpt2")
bpe_tok.pad_token = bpe_tok.eos_token
# endregion
    # region answer
    return bpe_tok.encode(text, add_special_tokens=False)
    # endregion
    # region answer
    return bpe_tok.decode(ids)
    # endregion
