# reject: test_both_models_come_with_their_tokenizers: the tables are keyed by the names on the hub, not by the keys of MODELS
# says: under the same keys

from transformers import AutoTokenizer, AutoModelForCausalLM
MODELS = {
    "gpt2": "gpt2",
    "qwen": "Qwen/Qwen1.5-1.8B-Chat"
}
tokenizers, models = {}, {}
for name in MODELS.values():
    tokenizers[name] = AutoTokenizer.from_pretrained(name)
    models[name] = AutoModelForCausalLM.from_pretrained(name)
