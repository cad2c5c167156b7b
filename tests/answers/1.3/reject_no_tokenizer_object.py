# reject: test_a_tokenizer_object_is_at_hand: tiktoken instead of a tokenizer object
# says: no tokenizer under the name

from transformers import AutoTokenizer

import tiktoken
enc = tiktoken.get_encoding("gpt2")

def encode(text):
    return enc.encode(text)

def decode(ids):
    return enc.decode(ids)

sample = "Unbelievable tokenization powers! 🚀"
ids = encode(sample)
recovered = decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Decoded    :", recovered)
