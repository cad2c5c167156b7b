# reject: test_generate_returns_its_text: the ids of the prompt are decoded, not those that came out
# says: not the generated text

# region answer
for key, name in MODELS.items():
    tokenizers[key] = AutoTokenizer.from_pretrained(name)
    models[key] = AutoModelForCausalLM.from_pretrained(name)
# endregion
    # region answer
    inputs = tok(prompt, return_tensors="pt")
    if strategy == "greedy":
        output = mdl.generate(**inputs, max_new_tokens=max_new_tokens)
    elif strategy == "top_k":
        output = mdl.generate(**inputs, max_new_tokens=max_new_tokens, do_sample=True, top_k=50)
    elif strategy == "top_p":
        output = mdl.generate(**inputs, max_new_tokens=max_new_tokens, do_sample=True, top_p=0.9)
    generated = tok.decode(inputs["input_ids"][0], skip_special_tokens=True)
    return generated
    # endregion
