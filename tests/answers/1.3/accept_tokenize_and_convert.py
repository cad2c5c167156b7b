# accept: tokens first, ids then, and back the same way

# region answer
bpe_tok = AutoTokenizer.from_pretrained("gpt2", use_fast=True)
bpe_tok.add_special_tokens({"pad_token": "[PAD]"})
# endregion
    # region answer
    tokens = bpe_tok.tokenize(text)
    return bpe_tok.convert_tokens_to_ids(tokens)
    # endregion
    # region answer
    return bpe_tok.convert_tokens_to_string(bpe_tok.convert_ids_to_tokens(ids))
    # endregion
