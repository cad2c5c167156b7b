# reject: test_decode_reads_gpt2s_ids: decode returns the pieces in a list
# says: `decode(...)` is not text

from transformers import AutoTokenizer

bpe_tok = AutoTokenizer.from_pretrained("gpt2")

def encode(text):
    return bpe_tok.encode(text)

def decode(ids):
    return [bpe_tok.decode([i]) for i in ids]

sample = "Unbelievable tokenization powers! 🚀"
ids = encode(sample)
recovered = decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Tokens     :", bpe_tok.convert_ids_to_tokens(ids))
print("Decoded    :", recovered)
