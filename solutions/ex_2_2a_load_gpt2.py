# %% [raw]
# [[exercise]]
# id = "2.2a"
# title = "Load GPT-2 and look at a block"
# points = 4
# course_cell = "47c87f6e"
# heading = "2.2 - A `Transformer` Layer"
# teaches = "A pretrained model is one line away, and it is a plain module whose parts have names."
# answers = ["gpt2"]
# hints = [
#     "The class is imported already. Which of its methods fetches trained weights by name?",
#     """`from_pretrained` returns the model. The blocks live in `gpt2.transformer.h`, a list, so the first one is at \
# index 0 and `len` counts them.""",
#     """`gpt2 = GPT2LMHeadModel.from_pretrained("gpt2")`, then `gpt2.eval()` to switch dropout off, and \
# `print(gpt2.transformer.h[0])`.""",
# ]
#
# [[exercise.givens]]
# name = "GPT2LMHeadModel"
# source = "cell"

# %%
import torch
from transformers import GPT2LMHeadModel

# Load GPT-2 as gpt2, and print how many blocks it has (12) and what the first one is made of
# region answer
gpt2 = GPT2LMHeadModel.from_pretrained("gpt2")
gpt2.eval()  # dropout off: the same input always gives the same output

print(f"{len(gpt2.transformer.h)} blocks; the first one:\n{gpt2.transformer.h[0]}")
# endregion
