# accept: tokens first, ids then, and back the same way

from transformers import AutoTokenizer

bpe_tok = AutoTokenizer.from_pretrained("gpt2", use_fast=True)
bpe_tok.add_special_tokens({"pad_token": "[PAD]"})

def encode(text):
    tokens = bpe_tok.tokenize(text)
    return bpe_tok.convert_tokens_to_ids(tokens)

def decode(ids):
    return bpe_tok.convert_tokens_to_string(bpe_tok.convert_ids_to_tokens(ids))

sample = "Unbelievable tokenization powers! 🚀"
ids = encode(sample)
recovered = decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Tokens     :", bpe_tok.convert_ids_to_tokens(ids))
print("Decoded    :", recovered)
