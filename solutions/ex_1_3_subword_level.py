# %% [raw]
# [[exercise]]
# id = "1.3"
# title = "Subword-level tokenization"
# points = 8
# course_cell = "4675e67a"
# heading = "1.3 - Subword‑level tokenization"
# teaches = "Byte-level BPE writes any text with a fixed vocabulary, emoji included, and gives it back unchanged."
# answers = ["bpe_tok", "encode", "decode"]
# hints = [
#     "Which model's tokenizer does this section talk about? Load that one, and see whether the emoji survives.",
#     """`AutoTokenizer.from_pretrained(...)` with the name of the model gives a tokenizer object. It has an `encode` \
# and a `decode` of its own; your two functions may lean on them.""",
#     """`bpe_tok = AutoTokenizer.from_pretrained("gpt2")`, then `return bpe_tok.encode(text)` in one function and \
# `return bpe_tok.decode(ids)` in the other.""",
# ]
#
# [[exercise.givens]]
# name = "AutoTokenizer"
# source = "cell"

# %%
# 1. Load GPT-2's tokenizer, which is a byte-level BPE, as bpe_tok
# How to: https://huggingface.co/docs/transformers/fast_tokenizers

from transformers import AutoTokenizer

# region answer
bpe_tok = AutoTokenizer.from_pretrained("gpt2")
# endregion

# 2. From text to ids and back
def encode(text):
    # The ids that the tokenizer gives this text, in a list
    # region answer
    return bpe_tok.encode(text)
    # endregion

def decode(ids):
    # The text of these ids
    # region answer
    return bpe_tok.decode(ids)
    # endregion

# 3. Try it: a rare word and an emoji
sample = "Unbelievable tokenization powers! 🚀"
ids = encode(sample)
recovered = decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Tokens     :", bpe_tok.convert_ids_to_tokens(ids))
print("Decoded    :", recovered)
