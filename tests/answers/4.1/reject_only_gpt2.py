# reject: test_both_models_come_with_their_tokenizers: only GPT-2 is loaded
# says: plain data where

from transformers import AutoTokenizer, AutoModelForCausalLM
MODELS = {
    "gpt2": "gpt2",
    "qwen": "Qwen/Qwen1.5-1.8B-Chat"
}
tokenizers, models = {}, {}
tokenizers["gpt2"] = AutoTokenizer.from_pretrained("gpt2")
models["gpt2"] = AutoModelForCausalLM.from_pretrained("gpt2")
