# accept: the tokenizer has another name, and the demo line follows

from transformers import AutoTokenizer

tokenizer = AutoTokenizer.from_pretrained("openai-community/gpt2")

def encode(text):
    return tokenizer.encode(text)

def decode(ids):
    return tokenizer.decode(ids)

sample = "Unbelievable tokenization powers! 🚀"
ids = encode(sample)
recovered = decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Tokens     :", tokenizer.convert_ids_to_tokens(ids))
print("Decoded    :", recovered)
