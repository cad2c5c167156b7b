# accept: the tokenizer is called, and its input_ids are taken

# region answer
bpe_tok = AutoTokenizer.from_pretrained("gpt2")
# endregion
    # region answer
    return bpe_tok(text)["input_ids"]
    # endregion
    # region answer
    return bpe_tok.decode(ids, skip_special_tokens=True)
    # endregion
