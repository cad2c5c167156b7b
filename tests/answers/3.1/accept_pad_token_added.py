# accept: a padding token is added and the embeddings grow by a row, so the logits are one wider than GPT-2's

from transformers import AutoTokenizer, AutoModelForCausalLM
MODELS = {
    "gpt2": "gpt2",
}
tokenizers, models = {}, {}
for key, name in MODELS.items():
    tok = AutoTokenizer.from_pretrained(name, padding_side="left")
    mdl = AutoModelForCausalLM.from_pretrained(name)
    if tok.pad_token is None:
        tok.add_special_tokens({"pad_token": "[PAD]"})
        mdl.resize_token_embeddings(len(tok))
        mdl.config.pad_token_id = tok.pad_token_id
    tokenizers[key] = tok
    models[key] = mdl

def generate(model_key, prompt, strategy="greedy", max_new_tokens=100):
    tok, mdl = tokenizers[model_key], models[model_key]
    inputs = tok(prompt, return_tensors="pt", padding=True)
    arguments = dict(inputs, max_new_tokens=max_new_tokens, bad_words_ids=[[tok.pad_token_id]])
    if strategy.startswith("top"):
        arguments["do_sample"] = True
        if strategy.endswith("k"):
            arguments["top_k"] = 50
        else:
            arguments["top_p"] = 0.95
    return tok.decode(mdl.generate(**arguments)[0], skip_special_tokens=True)
