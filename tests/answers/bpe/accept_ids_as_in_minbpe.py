# accept: merges are a dict of id pairs, applied by lowest rank first; ties go to the pair seen last

from collections import Counter

def replace(ids, pair, new):
    out, i = [], 0
    while i < len(ids):
        if i + 1 < len(ids) and (ids[i], ids[i + 1]) == pair:
            out.append(new)
            i += 2
        else:
            out.append(ids[i])
            i += 1
    return out

def train_bpe(text, num_merges):
    ids = list(text.encode("utf-8"))
    merges = {}
    for n in range(num_merges):
        counts = Counter(zip(ids, ids[1:]))
        if len(counts) == 0:
            return merges
        best = sorted(counts.items(), key=lambda item: (item[1], item[0]))[-1][0]
        merges[best] = 256 + n
        ids = replace(ids, best, 256 + n)
    return merges

def bpe_encode(text, merges):
    ids = list(text.encode("utf-8"))
    while len(ids) > 1:
        pair = min(zip(ids, ids[1:]), key=lambda p: merges.get(p, float("inf")))
        if pair not in merges:
            break
        ids = replace(ids, pair, merges[pair])
    pieces = {i: bytes([i]) for i in range(256)}
    for (left, right), new in merges.items():
        pieces[new] = pieces[left] + pieces[right]
    return [pieces[i] for i in ids]

def bpe_decode(tokens):
    return b"".join(tokens).decode("utf-8", errors="replace")

sample = "low lower lowest, new newer newest, wide wider widest 🚀"
for num_merges in [0, 5, 20]:
    tokens = bpe_encode(sample, train_bpe(sample, num_merges))
    if tokens is not None:
        print(f"{num_merges:>2} merges: {len(tokens)} tokens, starting with {tokens[:6]}")
