# reject: test_ids_are_gpt2s: the character tokenizer again
# says: does not give GPT-2's ids

# region answer
bpe_tok = AutoTokenizer.from_pretrained("gpt2")
# endregion
    # region answer
    return [char2id.get(ch, char2id[UNK]) for ch in text]
    # endregion
    # region answer
    return "".join(id2char[i] for i in ids)
    # endregion
