# accept: the classes of each family instead of the Auto ones; the tables are filled by update

from transformers import GPT2LMHeadModel, GPT2TokenizerFast, Qwen2ForCausalLM, Qwen2TokenizerFast
MODELS = {
    "gpt2": "gpt2",
    "qwen": "Qwen/Qwen1.5-1.8B-Chat"
}
tokenizers, models = {}, {}
tokenizers.update(gpt2=GPT2TokenizerFast.from_pretrained(MODELS["gpt2"]), qwen=Qwen2TokenizerFast.from_pretrained(MODELS["qwen"]))
models.update(gpt2=GPT2LMHeadModel.from_pretrained(MODELS["gpt2"]), qwen=Qwen2ForCausalLM.from_pretrained(MODELS["qwen"]))
