# %% [raw]
# [[exercise]]
# id = "3.1"
# title = "Generate text"
# points = 14
# course_cell = "2f2cb953"
# heading = "3.1 - Greedy decoding"
# teaches = "One model, three ways to pick the next token; only sampling strategies roll dice."
# answers = ["tokenizers", "models", "generate"]
# hints = [
#     "Call your function twice with each strategy. Greedy must repeat itself word for word, top_k and top_p must not.",
#     """`mdl.generate` does the loop. `do_sample=False` is greedy; `do_sample=True` draws, from the `top_k` best tokens \
# (a whole number such as 50) or from the most likely ones that make up `top_p` of the probability (such as 0.9). \
# `transformers` samples from 50 tokens at most unless `top_k=0` lifts that.""",
#     """`inputs = tok(prompt, return_tensors="pt")`; `ids = mdl.generate(**inputs, max_new_tokens=max_new_tokens, \
# do_sample=True, top_k=0, top_p=0.9, pad_token_id=tok.eos_token_id)` for top_p, other settings for the other two; \
# `return tok.decode(ids[0], skip_special_tokens=True)`.""",
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
}
tokenizers, models = {}, {}
# Load the tokenizer and the model of every entry of MODELS, under the same key
# region answer
for key, name in MODELS.items():
    tokenizers[key] = AutoTokenizer.from_pretrained(name)
    models[key] = AutoModelForCausalLM.from_pretrained(name).eval()
# endregion

def generate(model_key, prompt, strategy="greedy", max_new_tokens=100):
    tok, mdl = tokenizers[model_key], models[model_key]
    # Continue the prompt and return the text. Strategies: greedy, top_k and top_p, the last two
    # spelled with a hyphen as well; anything else is a ValueError
    # region answer
    settings = {
        "greedy": {"do_sample": False},
        "top_k": {"do_sample": True, "top_k": 50, "top_p": 1.0},
        "top_p": {"do_sample": True, "top_k": 0, "top_p": 0.9},  # top_k=0 lifts the library's own limit of 50
    }
    name = strategy.replace("-", "_")
    if name not in settings:
        raise ValueError(f"unknown strategy {strategy!r}; choose one of {', '.join(settings)}")

    if tok.chat_template:  # a chat model knows dialogues only, so the prompt becomes a turn of one
        turns = [{"role": "user", "content": prompt}]
        inputs = tok.apply_chat_template(turns, add_generation_prompt=True, return_tensors="pt", return_dict=True)
        start = inputs["input_ids"].shape[1]  # of a dialogue we want the reply alone
    else:
        inputs = tok(prompt, return_tensors="pt")
        start = 0

    # inputs holds the attention mask, too. GPT-2 has no padding token: its end-of-text token stands in
    ids = mdl.generate(**inputs, max_new_tokens=max_new_tokens, pad_token_id=tok.eos_token_id, **settings[name])
    return tok.decode(ids[0, start:], skip_special_tokens=True)
    # endregion
