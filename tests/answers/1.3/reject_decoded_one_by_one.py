# reject: test_texts_come_back_unchanged: each id is decoded by itself, so emoji break
# says: emoji come back broken

from transformers import AutoTokenizer

bpe_tok = AutoTokenizer.from_pretrained("gpt2")

def encode(text):
    return bpe_tok.encode(text)

def decode(ids):
    return "".join(bpe_tok.decode([i]) for i in ids)

sample = "Unbelievable tokenization powers! 🚀"
ids = encode(sample)
recovered = decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Tokens     :", bpe_tok.convert_ids_to_tokens(ids))
print("Decoded    :", recovered)
