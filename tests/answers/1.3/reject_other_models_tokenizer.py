# reject: test_ids_are_gpt2s: the chat model's tokenizer
# says: does not give GPT-2's ids

# region answer
bpe_tok = AutoTokenizer.from_pretrained("Qwen/Qwen1.5-1.8B-Chat")
# endregion
    # region answer
    return bpe_tok.encode(text)
    # endregion
    # region answer
    return bpe_tok.decode(ids)
    # endregion
