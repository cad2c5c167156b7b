# reject: test_ids_are_gpt2s: encode forgets to return
# says: `encode(...)` returned None

from transformers import AutoTokenizer

bpe_tok = AutoTokenizer.from_pretrained("gpt2")

def encode(text):
    ids = bpe_tok.encode(text)

def decode(ids):
    return bpe_tok.decode(ids)

sample = "Unbelievable tokenization powers! 🚀"
ids = encode(sample)
recovered = decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Tokens     :", bpe_tok.convert_ids_to_tokens(ids))
print("Decoded    :", recovered)
