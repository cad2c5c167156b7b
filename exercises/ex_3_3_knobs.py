# 3.3 All the knobs: beam, temperature, k and p (10 bonus points)

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
    """
    YOUR CODE HERE
    """

# 2. Try it: a careful and a daring sampler
sample = generate("gpt2", "Once upon a time", "top_p", 20, temperature=0.3)
if sample is None:
    print("generate returned None, so section 4 goes on with the one of 3.1")
    generate = generate_3_1
else:
    print("Careful :", sample)
    print("Daring  :", generate("gpt2", "Once upon a time", "top_p", 20, temperature=1.5))
