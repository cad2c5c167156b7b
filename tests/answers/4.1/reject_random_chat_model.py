# reject: test_qwen_computes_like_qwen: the chat model is built from its configuration
# says: does not compute what Qwen computes

# region answer
from transformers import AutoConfig
for key, name in MODELS.items():
    tokenizers[key] = AutoTokenizer.from_pretrained(name)
    models[key] = AutoModelForCausalLM.from_config(AutoConfig.from_pretrained(name))
models["gpt2"] = AutoModelForCausalLM.from_pretrained("gpt2")
# endregion
