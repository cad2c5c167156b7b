# accept: a class of its own as the merges, with ranks, a generator inside, numpy-free type hints

from collections import Counter

Token = bytes

class Merges(dict):
    """Pairs in the order learned, and their ranks."""

    def __iter__(self):
        return iter(sorted(self.keys(), key=self.get))

def apply(tokens: list[Token], pair: tuple[Token, Token]):
    it = iter(tokens)
    held = next(it, None)
    for token in it:
        if held is None:
            held = token
        elif (held, token) == pair:
            yield held + token
            held = None
        else:
            yield held
            held = token
    if held is not None:
        yield held

def train_bpe(text: str, num_merges: int) -> Merges:
    tokens, merges = [bytes([b]) for b in text.encode()], Merges()
    for rank in range(num_merges):
        if not (pairs := Counter(zip(tokens[:-1], tokens[1:]))):
            break
        (best, _), = pairs.most_common(1)
        merges[best] = rank
        tokens = list(apply(tokens, best))
    return merges

def bpe_encode(text: str, merges) -> list[Token]:
    tokens = [bytes([b]) for b in text.encode()]
    for pair in sorted(merges, key=merges.get):
        tokens = list(apply(tokens, pair))
    return tokens

def bpe_decode(tokens: list[Token]) -> str:
    return bytes().join(tokens).decode("utf-8", "ignore")

sample = "low lower lowest, new newer newest, wide wider widest 🚀"
for num_merges in [0, 5, 20]:
    tokens = bpe_encode(sample, train_bpe(sample, num_merges))
    if tokens is not None:
        print(f"{num_merges:>2} merges: {len(tokens)} tokens, starting with {tokens[:6]}")
