# reject: test_texts_come_back_unchanged: each id is decoded by itself, so emoji break
# says: emoji come back broken

# region answer
bpe_tok = AutoTokenizer.from_pretrained("gpt2")
# endregion
    # region answer
    return bpe_tok.encode(text)
    # endregion
    # region answer
    return "".join(bpe_tok.decode([i]) for i in ids)
    # endregion
