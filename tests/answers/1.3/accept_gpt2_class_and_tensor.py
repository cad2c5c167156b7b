# accept: GPT2TokenizerFast, and a tensor of ids

from transformers import GPT2TokenizerFast

bpe_tok = GPT2TokenizerFast.from_pretrained("gpt2")

def encode(text):
    return bpe_tok(text, return_tensors="pt").input_ids[0]

def decode(ids):
    return bpe_tok.decode(ids)

sample = "Unbelievable tokenization powers! 🚀"
ids = encode(sample)
recovered = decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Tokens     :", bpe_tok.convert_ids_to_tokens(ids))
print("Decoded    :", recovered)
