# reject: test_ids_are_gpt2s: the text is lower-cased first, as in the word tokenizer
# says: does not give GPT-2's ids

# region answer
bpe_tok = AutoTokenizer.from_pretrained("gpt2")
# endregion
    # region answer
    return bpe_tok.encode(text.lower())
    # endregion
    # region answer
    return bpe_tok.decode(ids)
    # endregion
