# reject: test_qwen_computes_like_qwen: AutoModel loads the models without their output layer, so there are no logits
# says: without its output layer

from transformers import AutoTokenizer, AutoModel
MODELS = {
    "gpt2": "gpt2",
    "qwen": "Qwen/Qwen1.5-1.8B-Chat"
}
tokenizers, models = {}, {}
for key, name in MODELS.items():
    tokenizers[key] = AutoTokenizer.from_pretrained(name)
    models[key] = AutoModel.from_pretrained(name)
