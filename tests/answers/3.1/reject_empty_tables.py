# reject: test_model_and_tokenizer_are_loaded: model and tokenizer stand in names of their own, the tables stay empty
# says: plain data where

from transformers import AutoTokenizer, AutoModelForCausalLM
MODELS = {
    "gpt2": "gpt2",
}
tokenizers, models = {}, {}
tokenizer = AutoTokenizer.from_pretrained(MODELS["gpt2"])
model = AutoModelForCausalLM.from_pretrained(MODELS["gpt2"])

def generate(model_key, prompt, strategy="greedy", max_new_tokens=100):
    inputs = tokenizer(prompt, return_tensors="pt")
    sampling = {"top_k": dict(do_sample=True, top_k=50), "top_p": dict(do_sample=True, top_p=0.9, top_k=0)}.get(strategy, {})
    output = model.generate(**inputs, max_new_tokens=max_new_tokens, **sampling)
    return tokenizer.decode(output[0], skip_special_tokens=True)
