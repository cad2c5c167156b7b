# 1.3 Subword-level tokenization (8 points)

# 1. Load GPT-2's tokenizer, which is a byte-level BPE, as bpe_tok
# How to: https://huggingface.co/docs/transformers/fast_tokenizers

from transformers import AutoTokenizer

"""
YOUR CODE HERE
"""

# 2. From text to ids and back
def encode(text):
    # The ids that the tokenizer gives this text, in a list
    """
    YOUR CODE HERE
    """

def decode(ids):
    # The text of these ids
    """
    YOUR CODE HERE
    """

# 3. Try it: a rare word and an emoji
sample = "Unbelievable tokenization powers! 🚀"
ids = encode(sample)
recovered = decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Tokens     :", bpe_tok.convert_ids_to_tokens(ids))
print("Decoded    :", recovered)
