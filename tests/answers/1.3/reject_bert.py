# reject: test_ids_are_gpt2s: BERT's WordPiece tokenizer
# says: could not be loaded by that name

# region answer
bpe_tok = AutoTokenizer.from_pretrained("bert-base-uncased")
# endregion
    # region answer
    return bpe_tok.encode(text)
    # endregion
    # region answer
    return bpe_tok.decode(ids)
    # endregion
