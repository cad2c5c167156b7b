# accept: the text is cut into words first, as GPT-2 does, and no merge crosses their borders

import re
from collections import Counter, defaultdict

def chunks(text):
    return [[bytes([b]) for b in piece.encode("utf-8")] for piece in re.findall(r"\s*\S+|\s+", text)]

def join(word, pair):
    out = []
    for token in word:
        if out and (out[-1], token) == pair and not isinstance(out[-1], Merged):
            out[-1] = Merged(out[-1] + token)
        else:
            out.append(token)
    return [bytes(token) for token in out]

class Merged(bytes):
    """A token of this round, which does not merge again in it."""

def train_bpe(text, num_merges):
    words, merges = chunks(text), []
    while len(merges) < num_merges:
        counts = defaultdict(int)
        for word in words:
            for pair in zip(word, word[1:]):
                counts[pair] += 1
        if not counts:
            break
        best = max(counts.items(), key=lambda item: item[1])[0]
        merges.append(best)
        words = [join(word, best) for word in words]
    return merges

def bpe_encode(text, merges):
    tokens = []
    for word in chunks(text):
        for pair in merges:
            word = join(word, tuple(pair))
        tokens += word
    return tokens

def bpe_decode(tokens):
    return b"".join(tokens).decode("utf-8")

sample = "low lower lowest, new newer newest, wide wider widest 🚀"
for num_merges in [0, 5, 20]:
    tokens = bpe_encode(sample, train_bpe(sample, num_merges))
    if tokens is not None:
        print(f"{num_merges:>2} merges: {len(tokens)} tokens, starting with {tokens[:6]}")
