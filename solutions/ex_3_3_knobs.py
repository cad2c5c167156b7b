# %% [raw]
# [[exercise]]
# id = "3.3"
# title = "All the knobs: beam, temperature, k and p"
# points = 10
# bonus = true
# heading = "3.3 - Try It Yourself"
# teaches = "Temperature, k and p shape what sampling draws from; beam search looks ahead and rolls no dice."
# answers = ["generate"]
# hints = [
#     "Which of the knobs mean anything to greedy and beam? And what should sampling turn into when k is 1?",
#     """Begin with the `generate` of 3.1. Each strategy hands its own knobs to `mdl.generate` and leaves out the \
# others: `num_beams` for beam, `temperature` and `top_k` for top_k, `temperature` and `top_p` for top_p.""",
#     """`{"greedy": dict(do_sample=False), "beam": dict(do_sample=False, num_beams=num_beams), "top_k": \
# dict(do_sample=True, temperature=temperature, top_k=k, top_p=1.0), "top_p": dict(do_sample=True, \
# temperature=temperature, top_k=0, top_p=p)}`, and hand the chosen one to `mdl.generate(**inputs, **settings[name])`.""",
# ]
#
# [[exercise.givens]]
# name = "tokenizers"
# source = "3.1"
# supply = "tokenizers_gpt2"
#
# [[exercise.givens]]
# name = "models"
# source = "3.1"
# supply = "models_gpt2"
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
# 1. generate once more, with all its knobs
generate_3_1 = globals().get("generate")  # the simple one, for as long as the blank below is empty

def generate(
    model_key, prompt, strategy="greedy", max_new_tokens=100, temperature=1.0, k=50, p=0.9, num_beams=4
):
    """Continues a prompt.

    Args:
        model_key: which of `models` and `tokenizers` to use.
        prompt: the text to continue.
        strategy: "greedy" takes the most likely token at every step; "beam" searches with
            `num_beams` beams; "top_k" draws from the `k` most likely tokens; "top_p" draws from the
            smallest set of most likely tokens that together have a probability of `p`.
            Any other strategy is a ValueError.
        max_new_tokens: how many tokens to add at most.
        temperature: what the logits are divided by before a draw; greedy and beam ignore it.

    Returns:
        The prompt and its continuation as one string.
    """
    # region answer
    settings = {
        "greedy": {"do_sample": False},
        "beam": {"do_sample": False, "num_beams": num_beams},
        "top_k": {"do_sample": True, "temperature": temperature, "top_k": k, "top_p": 1.0},
        "top_p": {"do_sample": True, "temperature": temperature, "top_k": 0, "top_p": p},
    }
    name = strategy.replace("-", "_")
    if name not in settings:
        raise ValueError(f"unknown strategy {strategy!r}; choose one of {', '.join(settings)}")

    tok, mdl = tokenizers[model_key], models[model_key]
    if tok.chat_template:
        turns = [{"role": "user", "content": prompt}]
        inputs = tok.apply_chat_template(turns, add_generation_prompt=True, return_tensors="pt", return_dict=True)
        start = inputs["input_ids"].shape[1]
    else:
        inputs = tok(prompt, return_tensors="pt")
        start = 0

    ids = mdl.generate(**inputs, max_new_tokens=max_new_tokens, pad_token_id=tok.eos_token_id, **settings[name])
    return tok.decode(ids[0, start:], skip_special_tokens=True)
    # endregion

# 2. Try it: a careful and a daring sampler
sample = generate("gpt2", "Once upon a time", "top_p", 20, temperature=0.3)
if sample is None:
    print("generate returned None, so section 4 goes on with the one of 3.1")
    generate = generate_3_1
else:
    print("Careful :", sample)
    print("Daring  :", generate("gpt2", "Once upon a time", "top_p", 20, temperature=1.5))
