# reject: test_ids_are_gpt2s: the character tokenizer again
# says: does not give GPT-2's ids

from transformers import AutoTokenizer

bpe_tok = AutoTokenizer.from_pretrained("gpt2")

def encode(text):
    return [char2id.get(ch, char2id[UNK]) for ch in text]

def decode(ids):
    return "".join(id2char[i] for i in ids)

sample = "Unbelievable tokenization powers! 🚀"
ids = encode(sample)
recovered = decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Tokens     :", bpe_tok.convert_ids_to_tokens(ids))
print("Decoded    :", recovered)
