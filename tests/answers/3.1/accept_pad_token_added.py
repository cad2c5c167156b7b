# accept: a padding token is added and the embeddings grow by a row, so the logits are one wider than GPT-2's

# region answer
for key, name in MODELS.items():
    tok = AutoTokenizer.from_pretrained(name, padding_side="left")
    mdl = AutoModelForCausalLM.from_pretrained(name)
    if tok.pad_token is None:
        tok.add_special_tokens({"pad_token": "[PAD]"})
        mdl.resize_token_embeddings(len(tok))
        mdl.config.pad_token_id = tok.pad_token_id
    tokenizers[key] = tok
    models[key] = mdl
# endregion
    # region answer
    inputs = tok(prompt, return_tensors="pt", padding=True)
    arguments = dict(inputs, max_new_tokens=max_new_tokens, bad_words_ids=[[tok.pad_token_id]])
    if strategy.startswith("top"):
        arguments["do_sample"] = True
        if strategy.endswith("k"):
            arguments["top_k"] = 50
        else:
            arguments["top_p"] = 0.95
    return tok.decode(mdl.generate(**arguments)[0], skip_special_tokens=True)
    # endregion
