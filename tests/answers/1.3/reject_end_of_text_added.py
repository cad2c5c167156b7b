# reject: test_ids_are_gpt2s: an end-of-text token is put around every text
# says: adds special tokens

from transformers import AutoTokenizer

bpe_tok = AutoTokenizer.from_pretrained("gpt2")

def encode(text):
    return [bpe_tok.bos_token_id] + bpe_tok.encode(text) + [bpe_tok.eos_token_id]

def decode(ids):
    return bpe_tok.decode(ids, skip_special_tokens=True)

sample = "Unbelievable tokenization powers! 🚀"
ids = encode(sample)
recovered = decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Tokens     :", bpe_tok.convert_ids_to_tokens(ids))
print("Decoded    :", recovered)
