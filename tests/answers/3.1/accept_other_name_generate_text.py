# accept: the function is called generate_text, and the demo line below it as well

from transformers import AutoTokenizer, AutoModelForCausalLM
MODELS = {
    "gpt2": "gpt2",
}
tokenizers, models = {}, {}
for key, name in MODELS.items():
    tokenizers[key] = AutoTokenizer.from_pretrained(name)
    models[key] = AutoModelForCausalLM.from_pretrained(name)

def generate_text(model_key, prompt, strategy="greedy", max_new_tokens=100):
    tok, mdl = tokenizers[model_key], models[model_key]
    inputs = tok(prompt, return_tensors="pt")
    if strategy == "greedy":
        output = mdl.generate(**inputs, max_new_tokens=max_new_tokens, do_sample=False)
    elif strategy in {"top_k", "top-k"}:
        output = mdl.generate(**inputs, max_new_tokens=max_new_tokens, do_sample=True, top_k=50)
    else:
        output = mdl.generate(**inputs, max_new_tokens=max_new_tokens, do_sample=True, top_p=0.92, top_k=0)
    return tok.decode(output[0], skip_special_tokens=True)

for prompt in ["Once upon a time", "What is 2+2?"]:
    print(generate_text("gpt2", prompt, "greedy", 8))
