# reject: test_without_merges_the_tokens_are_single_bytes: bpe_encode returns ids, which need a table to be read
# says: is not a list of tokens

from collections import Counter

pieces = {i: bytes([i]) for i in range(256)}

def replace(ids, pair, new):
    out, i = [], 0
    while i < len(ids):
        if tuple(ids[i:i + 2]) == pair:
            out.append(new)
            i += 2
        else:
            out.append(ids[i])
            i += 1
    return out

def train_bpe(text, num_merges):
    ids, merges = list(text.encode("utf-8")), {}
    for new in range(256, 256 + num_merges):
        counts = Counter(zip(ids, ids[1:]))
        if not counts:
            break
        pair = counts.most_common(1)[0][0]
        merges[pair] = new
        ids = replace(ids, pair, new)
    return merges

def bpe_encode(text, merges):
    ids = list(text.encode("utf-8"))
    for pair, new in merges.items():
        pieces[new] = pieces[pair[0]] + pieces[pair[1]]
        ids = replace(ids, pair, new)
    return ids

def bpe_decode(ids):
    return b"".join(pieces[i] for i in ids).decode("utf-8", errors="replace")

sample = "low lower lowest, new newer newest, wide wider widest 🚀"
for num_merges in [0, 5, 20]:
    tokens = bpe_encode(sample, train_bpe(sample, num_merges))
    if tokens is not None:
        print(f"{num_merges:>2} merges: {len(tokens)} tokens, starting with {tokens[:6]}")
