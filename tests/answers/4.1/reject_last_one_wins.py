# reject: test_gpt2s_tokenizer_is_its_own: both keys hold the tokenizer that was loaded last
# says: does not give GPT-2's ids

from transformers import AutoTokenizer, AutoModelForCausalLM
MODELS = {
    "gpt2": "gpt2",
    "qwen": "Qwen/Qwen1.5-1.8B-Chat"
}
tokenizers, models = {}, {}
for key, name in MODELS.items():
    tok = AutoTokenizer.from_pretrained(name)
    models[key] = AutoModelForCausalLM.from_pretrained(name)
for key in MODELS:
    tokenizers[key] = tok
