# accept: models that cannot be loaded are skipped with a message, the configuration is loaded first

from transformers import AutoTokenizer, AutoModelForCausalLM, AutoConfig
MODELS = {
    "gpt2": "gpt2",
    "qwen": "Qwen/Qwen1.5-1.8B-Chat",
    "opt": "facebook/opt-125m",
}
tokenizers, models = {}, {}
for key, name in MODELS.items():
    try:
        config = AutoConfig.from_pretrained(name)
        config.use_cache = True
        tokenizers[key] = AutoTokenizer.from_pretrained(name)
        models[key] = AutoModelForCausalLM.from_pretrained(name, config=config)
        print(f"{key}: {models[key].num_parameters():,} parameters")
    except OSError as problem:
        print("could not load", name, type(problem).__name__)
