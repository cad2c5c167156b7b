# accept: only top-k and top-p are known, anything else is greedy; keys are written out

# region answer
tokenizers["gpt2"] = AutoTokenizer.from_pretrained("gpt2")
models["gpt2"] = AutoModelForCausalLM.from_pretrained("gpt2")
models["gpt2"].eval()
# endregion
    # region answer
    input_ids = tok.encode(prompt, return_tensors="pt")
    if strategy == "top-k":
        out = mdl.generate(input_ids, max_new_tokens=max_new_tokens, do_sample=True, top_k=40, temperature=0.8)
    elif strategy == "top-p":
        out = mdl.generate(input_ids, max_new_tokens=max_new_tokens, do_sample=True, top_p=0.92, top_k=0)
    else:
        out = mdl.generate(input_ids, max_new_tokens=max_new_tokens)
    return tok.decode(out[0])
    # endregion
