# reject: test_ids_are_gpt2s: encode returns the tokenizer's whole result
# says: more than the ids

from transformers import AutoTokenizer

bpe_tok = AutoTokenizer.from_pretrained("gpt2")

def encode(text):
    return bpe_tok(text)

def decode(ids):
    return bpe_tok.decode(ids["input_ids"])

sample = "Unbelievable tokenization powers! 🚀"
ids = encode(sample)
recovered = decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Tokens     :", bpe_tok.convert_ids_to_tokens(ids["input_ids"]))
print("Decoded    :", recovered)
