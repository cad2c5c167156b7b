# reject: test_ids_are_gpt2s: the text is lower-cased first, as in the word tokenizer
# says: does not give GPT-2's ids

from transformers import AutoTokenizer

bpe_tok = AutoTokenizer.from_pretrained("gpt2")

def encode(text):
    return bpe_tok.encode(text.lower())

def decode(ids):
    return bpe_tok.decode(ids)

sample = "Unbelievable tokenization powers! 🚀"
ids = encode(sample)
recovered = decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Tokens     :", bpe_tok.convert_ids_to_tokens(ids))
print("Decoded    :", recovered)
