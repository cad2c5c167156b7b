# accept: a class with static tables; its methods are bound to the names

import string


class CharTokenizer:
    SPECIALS = ("<pad>", "<unk>")

    def __init__(self):
        self.vocab = [*self.SPECIALS, *string.ascii_lowercase, *string.ascii_uppercase]
        self.char2id = {c: i for i, c in enumerate(self.vocab)}
        self.id2char = {i: c for c, i in self.char2id.items()}

    def encode(self, text: str) -> list[int]:
        return [self.char2id.get(c, self.char2id["<unk>"]) for c in text]

    def decode(self, ids: list[int]) -> str:
        return "".join(self.id2char[i] for i in ids)


t = CharTokenizer()
vocab, char2id, id2char = t.vocab, t.char2id, t.id2char
encode, decode = t.encode, t.decode
print(f"Vocabulary size: {len(vocab)} (52 letters + 2 specials)")


sample = "Hello"
ids = encode(sample)
recovered = decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Decoded    :", recovered)
