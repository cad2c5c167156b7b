# reject: test_top_p_draws_from_the_nucleus: top_p only sets do_sample, so the library's limit of 50 tokens is all there is
# says: outside the nucleus

# region answer
for key, name in MODELS.items():
    tokenizers[key] = AutoTokenizer.from_pretrained(name)
    models[key] = AutoModelForCausalLM.from_pretrained(name)
# endregion
    # region answer
    ids = tok.encode(prompt, return_tensors="pt")
    sampling = strategy != "greedy"
    out = mdl.generate(ids, do_sample=sampling, max_new_tokens=max_new_tokens, pad_token_id=tok.eos_token_id)
    return tok.decode(out[0], skip_special_tokens=True)
    # endregion
