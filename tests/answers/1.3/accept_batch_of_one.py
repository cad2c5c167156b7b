# accept: encode returns a tensor with a batch axis, decode takes its first row

from transformers import AutoTokenizer

bpe_tok = AutoTokenizer.from_pretrained("gpt2")

def encode(text):
    return bpe_tok(text, return_tensors="pt")["input_ids"]

def decode(ids):
    return bpe_tok.decode(ids[0], skip_special_tokens=True)

sample = "Unbelievable tokenization powers! 🚀"
ids = encode(sample)
recovered = decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Tokens     :", bpe_tok.convert_ids_to_tokens(ids[0]))
print("Decoded    :", recovered)
