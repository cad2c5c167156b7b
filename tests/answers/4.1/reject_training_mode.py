# reject: test_gpt2_computes_like_gpt2: the models are left in training mode, so dropout changes what GPT-2 computes
# says: eval mode

from transformers import AutoTokenizer, AutoModelForCausalLM
MODELS = {
    "gpt2": "gpt2",
    "qwen": "Qwen/Qwen1.5-1.8B-Chat"
}
tokenizers = {key: AutoTokenizer.from_pretrained(name) for key, name in MODELS.items()}
models = {key: AutoModelForCausalLM.from_pretrained(name) for key, name in MODELS.items()}
for model in models.values():
    model.train()
