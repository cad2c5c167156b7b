# 3.1 Generate text (14 points)

from transformers import AutoTokenizer, AutoModelForCausalLM
MODELS = {
    "gpt2": "gpt2",
}
tokenizers, models = {}, {}
# Load the tokenizer and the model of every entry of MODELS, under the same key
"""
YOUR CODE HERE
"""

def generate(model_key, prompt, strategy="greedy", max_new_tokens=100):
    tok, mdl = tokenizers[model_key], models[model_key]
    # Continue the prompt and return the text. Strategies: greedy, top_k and top_p, the last two
    # spelled with a hyphen as well; anything else is a ValueError
    """
    YOUR CODE HERE
    """
