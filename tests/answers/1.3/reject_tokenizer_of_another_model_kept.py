# reject: test_a_tokenizer_object_is_at_hand: `bpe_tok` is another model's tokenizer, only the functions use GPT-2's
# says: does not know GPT-2's tokens

import tiktoken
from transformers import AutoTokenizer

bpe_tok = AutoTokenizer.from_pretrained("Qwen/Qwen1.5-1.8B-Chat")
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
print("Tokens     :", bpe_tok.convert_ids_to_tokens(ids))
print("Decoded    :", recovered)
