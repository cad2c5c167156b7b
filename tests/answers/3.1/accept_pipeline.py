# accept: a pipeline does the work

from transformers import pipeline
from transformers import AutoTokenizer, AutoModelForCausalLM
MODELS = {
    "gpt2": "gpt2",
}
tokenizers, models = {}, {}
for key, name in MODELS.items():
    tokenizers[key] = AutoTokenizer.from_pretrained(name)
    models[key] = AutoModelForCausalLM.from_pretrained(name)

def generate(model_key, prompt, strategy="greedy", max_new_tokens=100):
    tok, mdl = tokenizers[model_key], models[model_key]
    gen = pipeline("text-generation", model=mdl, tokenizer=tok)
    options = {"do_sample": False}
    if strategy in ("top_k", "top-k"):
        options = {"do_sample": True, "top_k": 50}
    if strategy in ("top_p", "top-p"):
        options = {"do_sample": True, "top_p": 0.9}
    return gen(prompt, max_new_tokens=max_new_tokens, **options)[0]["generated_text"]
