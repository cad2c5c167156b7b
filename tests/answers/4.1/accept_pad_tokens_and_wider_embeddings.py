# accept: GPT-2 is given a padding token and one more row of embeddings; both are frozen

# region answer

def prepare(name):
    tokenizer = AutoTokenizer.from_pretrained(name, padding_side="left")
    model = AutoModelForCausalLM.from_pretrained(name)
    if tokenizer.pad_token is None:
        tokenizer.add_special_tokens({"pad_token": "<pad>"})
        model.resize_token_embeddings(len(tokenizer))
    return tokenizer, model.eval().requires_grad_(False)

for key, name in MODELS.items():
    tokenizers[key], models[key] = prepare(name)
# endregion
