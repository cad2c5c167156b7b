# accept: the keys and names are written out

# region answer
tokenizers["gpt2"] = AutoTokenizer.from_pretrained("gpt2")
models["gpt2"] = AutoModelForCausalLM.from_pretrained("gpt2")
tokenizers["qwen"] = AutoTokenizer.from_pretrained("Qwen/Qwen1.5-1.8B-Chat")
models["qwen"] = AutoModelForCausalLM.from_pretrained("Qwen/Qwen1.5-1.8B-Chat")
# endregion
