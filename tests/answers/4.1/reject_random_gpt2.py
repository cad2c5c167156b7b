# reject: test_gpt2_computes_like_gpt2: GPT-2 is built from its configuration
# says: does not compute what GPT-2 computes

from transformers import AutoTokenizer, AutoModelForCausalLM
MODELS = {
    "gpt2": "gpt2",
    "qwen": "Qwen/Qwen1.5-1.8B-Chat"
}
tokenizers, models = {}, {}
from transformers import AutoConfig
for key, name in MODELS.items():
    tokenizers[key] = AutoTokenizer.from_pretrained(name)
    models[key] = AutoModelForCausalLM.from_pretrained(name)
models["gpt2"] = AutoModelForCausalLM.from_config(AutoConfig.from_pretrained("gpt2"))
