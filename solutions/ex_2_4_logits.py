# %% [raw]
# [[exercise]]
# id = "2.4"
# title = "Logits and the next token"
# points = 10
# course_cell = "f98b7b34"
# heading = "2.4 LLM's output"
# teaches = "A model scores every token of the vocabulary at every position; softmax of the last row is the next-token guess."
# answers = ["logits"]
# hints = [
#     "Print the shape of the logits. Which of the three axes is the sequence, and which entry of it looks ahead?",
#     """The last position predicts what comes next: `logits[0, -1]`, one score per vocabulary entry. `F.softmax` makes \
# probabilities of them, `torch.topk` finds the largest. Nothing is drawn at random here.""",
#     """`inputs = tokenizer(text, return_tensors="pt")`; `with torch.no_grad(): logits = model(**inputs).logits`; \
# `probs = F.softmax(logits[0, -1], dim=-1)`; `top = torch.topk(probs, 5)`; then print `tokenizer.decode(i)` for each \
# index with its probability.""",
# ]
#
# [[exercise.givens]]
# name = "gpt2"
# source = "2.2a"
# supply = "gpt2_model"
#
# [[exercise.givens]]
# name = "text"
# source = "cell"

# %%
import torch, torch.nn.functional as F
from transformers import GPT2LMHeadModel, GPT2TokenizerFast

# The model and its tokenizer
# region answer
tokenizer = GPT2TokenizerFast.from_pretrained("gpt2")
model = GPT2LMHeadModel.from_pretrained("gpt2").eval()
# endregion

# Turn the text into token ids
text = "Hello my name"
# region answer
inputs = tokenizer(text, return_tensors="pt")  # input_ids and attention_mask, each (1, seq_len)
# endregion

# Pass the ids through the model and keep its scores as logits
# region answer
with torch.no_grad():  # nothing is trained here, so no gradients
    logits = model(**inputs).logits
# endregion

print("Logits shape :", logits.shape)

# Probabilities for the token after the last one
# region answer
probs = F.softmax(logits[0, -1], dim=-1)  # (vocab_size,)
top_probs, top_ids = torch.topk(probs, k=5)
# endregion

print("\nTop-5 predictions for the next token:")
# region answer
for prob, token_id in zip(top_probs, top_ids):
    print(f"{tokenizer.decode([token_id.item()])!r:>12}  {prob.item():.3f}")
# endregion
