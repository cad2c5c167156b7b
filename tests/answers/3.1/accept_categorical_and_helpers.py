# accept: helper functions filter the logits, a Categorical distribution draws; only the new text is returned

import torch
import torch.nn.functional as F
from transformers import AutoTokenizer, AutoModelForCausalLM
MODELS = {
    "gpt2": "gpt2",
}
tokenizers, models = {}, {}
device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
for k, v in MODELS.items():
    tokenizers[k] = AutoTokenizer.from_pretrained(v)
    models[k] = AutoModelForCausalLM.from_pretrained(v).to(device).eval()

def keep_top_k(logits, k=40):
    threshold = torch.topk(logits, k).values[-1]
    return logits.masked_fill(logits < threshold, float("-inf"))

def keep_top_p(logits, p=0.95):
    sorted_logits, sorted_idx = torch.sort(logits, descending=True)
    cum = F.softmax(sorted_logits, dim=-1).cumsum(dim=-1)
    remove = cum > p
    remove[1:] = remove[:-1].clone()
    remove[0] = False
    logits = logits.clone()
    logits[sorted_idx[remove]] = float("-inf")
    return logits

@torch.no_grad()
def generate(model_key, prompt, strategy="greedy", max_new_tokens=100):
    tok, mdl = tokenizers[model_key], models[model_key]
    ids = tok(prompt, return_tensors="pt").input_ids.to(device)
    new = []
    for _ in range(max_new_tokens):
        logits = mdl(ids).logits[0, -1, :]
        strategy = strategy.lower().replace("-", "_")
        if strategy == "greedy":
            nxt = torch.argmax(logits)
        elif strategy == "top_k":
            nxt = torch.distributions.Categorical(logits=keep_top_k(logits)).sample()
        elif strategy == "top_p":
            nxt = torch.distributions.Categorical(logits=keep_top_p(logits)).sample()
        else:
            raise ValueError("strategy must be greedy, top_k or top_p")
        if nxt.item() == tok.eos_token_id:
            break
        new.append(nxt.item())
        ids = torch.cat((ids, nxt.reshape(1, 1)), dim=1)
    return tok.decode(new)
