# accept: special tokens are switched off, and a pad token is added

from transformers import AutoTokenizer

bpe_tok = AutoTokenizer.from_pretrained("gpt2")
bpe_tok.pad_token = bpe_tok.eos_token

def encode(text):
    return bpe_tok.encode(text, add_special_tokens=False)

def decode(ids):
    return bpe_tok.decode(ids)

sample = "Unbelievable tokenization powers! 🚀"
ids = encode(sample)
recovered = decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Tokens     :", bpe_tok.convert_ids_to_tokens(ids))
print("Decoded    :", recovered)
