# accept: a match statement and GenerationConfig objects; the text is printed as well

from transformers import AutoTokenizer, AutoModelForCausalLM, GenerationConfig
MODELS = {
    "gpt2": "gpt2",
}
tokenizers, models = {}, {}
# Load models and tokenizers
tokenizers = {key: AutoTokenizer.from_pretrained(hub) for key, hub in MODELS.items()}
models = {key: AutoModelForCausalLM.from_pretrained(hub) for key, hub in MODELS.items()}

def generate(model_key, prompt, strategy="greedy", max_new_tokens=100):
    tok, mdl = tokenizers[model_key], models[model_key]
    # Return the generations based on the provided strategy: greedy, top_k, top_p
    match strategy:
        case "greedy":
            how = {"do_sample": False}
        case "top_k" | "top-k" | "topk":
            how = {"do_sample": True, "top_k": 100, "temperature": 0.7}
        case "top_p" | "top-p" | "nucleus":
            how = {"do_sample": True, "top_p": 0.99, "top_k": 0}
        case _:
            raise KeyError(strategy)
    config = GenerationConfig(max_new_tokens=max_new_tokens, pad_token_id=tok.eos_token_id, eos_token_id=tok.eos_token_id, **how)
    encoded = tok(prompt, return_tensors="pt")
    sequences = mdl.generate(**encoded, generation_config=config, return_dict_in_generate=True).sequences
    text = tok.decode(sequences.squeeze(), skip_special_tokens=True, clean_up_tokenization_spaces=True)
    print(text)
    return text
