# %% [raw]
# [[exercise]]
# id = "4.1"
# title = "Load a chat model next to GPT-2"
# points = 8
# course_cell = "57b73e7a"
# heading = "4.1 - Qwen1.5-8B vs. GPT2"
# teaches = "Every model comes with its own tokenizer; a chat model's also knows how a dialogue is written down."
# answers = ["tokenizers", "models"]
# hints = [
#     "Two models, two tokenizers. Whose tokenizer made the ids that you are about to feed to Qwen?",
#     """Loop over `MODELS.items()`: the key goes into both dictionaries, the value is the name to load from. The same \
# two Auto classes serve every model.""",
#     """`for key, name in MODELS.items():` with `tokenizers[key] = AutoTokenizer.from_pretrained(name)` and \
# `models[key] = AutoModelForCausalLM.from_pretrained(name)` in it.""",
# ]
#
# [[exercise.givens]]
# name = "MODELS"
# source = "cell"
#
# [[exercise.givens]]
# name = "torch"
# source = "2.4"
# supply = "module:torch"
#
# [exercise.limits]
# run_s = 60.0
# ask_s = 60.0

# %%
from transformers import AutoTokenizer, AutoModelForCausalLM
MODELS = {
    "gpt2": "gpt2",
    "qwen": "Qwen/Qwen1.5-1.8B-Chat"
}
tokenizers, models = {}, {}
# Load the tokenizer and the model of every entry of MODELS, under the same key
# region answer
for key, name in MODELS.items():
    tokenizers[key] = AutoTokenizer.from_pretrained(name)
    models[key] = AutoModelForCausalLM.from_pretrained(name).eval()
# endregion
