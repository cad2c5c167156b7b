# accept: top_p at a temperature above 1, which widens the nucleus; greedy streams its text to the screen as well

import torch
from transformers import AutoTokenizer, AutoModelForCausalLM, TextStreamer
MODELS = {
    "gpt2": "gpt2",
}
tokenizers, models = {}, {}
def load(key):
    tokenizers[key] = AutoTokenizer.from_pretrained(MODELS[key])
    models[key] = AutoModelForCausalLM.from_pretrained(MODELS[key], torch_dtype=torch.float32)
    models[key].generation_config.pad_token_id = tokenizers[key].eos_token_id
list(map(load, MODELS))

def generate(model_key, prompt, strategy="greedy", max_new_tokens=100, **overrides):
    tok, mdl = tokenizers[model_key], models[model_key]
    presets = {
        "greedy": {"do_sample": False, "streamer": TextStreamer(tok, skip_prompt=True)},
        "top_k": {"do_sample": True, "top_k": 20, "temperature": 1.2},
        "top_p": {"do_sample": True, "top_p": 0.95, "top_k": 0, "temperature": 1.4},
    }
    presets["top-k"], presets["top-p"] = presets["top_k"], presets["top_p"]
    with torch.no_grad():
        ids = mdl.generate(tok(prompt, return_tensors="pt").input_ids, max_new_tokens=max_new_tokens, **(presets[strategy] | overrides))
    return tok.batch_decode(ids)[0]
