# accept: DistilGPT-2 has the same tokenizer; the markers were left standing, decode tidies up spaces

# region answer
MODEL_NAME = "distilgpt2"

def load(name=MODEL_NAME):
    tok = AutoTokenizer.from_pretrained(name)
    if tok.pad_token is None:
        tok.pad_token = tok.eos_token
    return tok

bpe_tok = load()
# endregion
    # region answer
    """
    YOUR CODE HERE
    """
    batch = bpe_tok([text], padding=True, truncation=False)
    return batch["input_ids"][0]
    # endregion
    # region answer
    """
    YOUR CODE HERE
    """
    return bpe_tok.decode(ids, skip_special_tokens=True, clean_up_tokenization_spaces=True)
    # endregion
