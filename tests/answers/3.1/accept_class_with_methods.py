# accept: a class does the work, its methods are looked up by the strategy's name; half precision

import torch
from transformers import GPT2LMHeadModel, GPT2TokenizerFast
MODELS = {
    "gpt2": "gpt2",
}
tokenizers, models = {}, {}
tokenizers["gpt2"] = GPT2TokenizerFast.from_pretrained(MODELS["gpt2"])
models["gpt2"] = GPT2LMHeadModel.from_pretrained(MODELS["gpt2"], dtype=torch.float16).eval()

class Generator:
    """Continues prompts with one model."""

    def __init__(self, tokenizer, model):
        self.tokenizer, self.model = tokenizer, model

    def greedy(self):
        return dict(do_sample=False, num_beams=1)

    def top_k(self):
        return dict(do_sample=True, top_k=40)

    def top_p(self):
        return dict(do_sample=True, top_p=0.9, top_k=None)

    def __call__(self, prompt, strategy, n):
        settings = getattr(self, strategy.replace("-", "_"))()
        batch = self.tokenizer([prompt], return_tensors="pt")
        out = self.model.generate(**batch, max_new_tokens=n, pad_token_id=50256, **settings)
        return self.tokenizer.batch_decode(out, skip_special_tokens=True)[0]

def generate(model_key, prompt, strategy="greedy", max_new_tokens=100):
    tok, mdl = tokenizers[model_key], models[model_key]
    return Generator(tok, mdl)(prompt, strategy, max_new_tokens)
