# accept: a class holds the tokenizer; type hints, properties, methods bound to the names

from transformers import AutoTokenizer

class SubwordTokenizer:
    """A thin wrapper around GPT-2's tokenizer."""

    def __init__(self, name: str = "gpt2") -> None:
        self.tok = AutoTokenizer.from_pretrained(name)

    def encode(self, text: str) -> list[int]:
        return [int(i) for i in self.tok(text).input_ids]

    def decode(self, ids: list[int]) -> str:
        return self.tok.batch_decode([ids])[0]

wrapper = SubwordTokenizer()
bpe_tok = wrapper.tok
encode, decode = wrapper.encode, wrapper.decode

sample = "Unbelievable tokenization powers! 🚀"
ids = encode(sample)
recovered = decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Tokens     :", bpe_tok.convert_ids_to_tokens(ids))
print("Decoded    :", recovered)
