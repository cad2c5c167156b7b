# accept: the functions are called bpe_encode and bpe_decode, the demo lines follow

from transformers import AutoTokenizer

bpe_tok = AutoTokenizer.from_pretrained("gpt2")

def bpe_encode(text):
    return bpe_tok.encode(text)

def bpe_decode(ids):
    return bpe_tok.decode(ids)

sample = "Unbelievable tokenization powers! 🚀"
ids = bpe_encode(sample)
recovered = bpe_decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Tokens     :", bpe_tok.convert_ids_to_tokens(ids))
print("Decoded    :", recovered)
