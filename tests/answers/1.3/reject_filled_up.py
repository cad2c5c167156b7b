# reject: test_long_texts_are_encoded_whole: every text is filled up to the same length
# says: No padding

from transformers import AutoTokenizer

bpe_tok = AutoTokenizer.from_pretrained("gpt2")

bpe_tok.pad_token = bpe_tok.eos_token

def encode(text):
    return bpe_tok(text, padding="max_length", max_length=32)["input_ids"]

def decode(ids):
    return bpe_tok.decode(ids, skip_special_tokens=True)

sample = "Unbelievable tokenization powers! 🚀"
ids = encode(sample)
recovered = decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Tokens     :", bpe_tok.convert_ids_to_tokens(ids))
print("Decoded    :", recovered)
