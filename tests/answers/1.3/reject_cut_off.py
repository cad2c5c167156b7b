# reject: test_long_texts_are_encoded_whole: truncation to a length that the demo does not reach
# says: a long text is cut off

from transformers import AutoTokenizer

bpe_tok = AutoTokenizer.from_pretrained("gpt2")

def encode(text):
    return bpe_tok.encode(text, truncation=True, max_length=128)

def decode(ids):
    return bpe_tok.decode(ids)

sample = "Unbelievable tokenization powers! 🚀"
ids = encode(sample)
recovered = decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Tokens     :", bpe_tok.convert_ids_to_tokens(ids))
print("Decoded    :", recovered)
