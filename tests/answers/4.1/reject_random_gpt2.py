# reject: test_gpt2_computes_like_gpt2: GPT-2 is built from its configuration
# says: does not compute what GPT-2 computes

# region answer
from transformers import AutoConfig
for key, name in MODELS.items():
    tokenizers[key] = AutoTokenizer.from_pretrained(name)
    models[key] = AutoModelForCausalLM.from_pretrained(name)
models["gpt2"] = AutoModelForCausalLM.from_config(AutoConfig.from_pretrained("gpt2"))
# endregion
