# reject: test_ids_are_gpt2s: encode returns tokens instead of ids
# says: returns tokens instead of their ids

from transformers import AutoTokenizer

bpe_tok = AutoTokenizer.from_pretrained("gpt2")

def encode(text):
    return bpe_tok.tokenize(text)

def decode(ids):
    return bpe_tok.convert_tokens_to_string(ids)

sample = "Unbelievable tokenization powers! 🚀"
ids = encode(sample)
recovered = decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Tokens     :", bpe_tok.convert_ids_to_tokens(ids))
print("Decoded    :", recovered)
