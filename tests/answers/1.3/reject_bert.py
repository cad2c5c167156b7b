# reject: test_ids_are_gpt2s: BERT's WordPiece tokenizer
# says: could not be loaded by that name

from transformers import AutoTokenizer

bpe_tok = AutoTokenizer.from_pretrained("bert-base-uncased")

def encode(text):
    return bpe_tok.encode(text)

def decode(ids):
    return bpe_tok.decode(ids)

sample = "Unbelievable tokenization powers! 🚀"
ids = encode(sample)
recovered = decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Tokens     :", bpe_tok.convert_ids_to_tokens(ids))
print("Decoded    :", recovered)
