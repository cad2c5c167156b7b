# reject: test_the_most_frequent_pair_is_merged_first: pairs are merged from the right
# says: from left to right

from collections import Counter

def merge_pair(tokens, pair):
    merged, i = [], len(tokens) - 1
    while i >= 0:
        if i > 0 and (tokens[i - 1], tokens[i]) == pair:
            merged.insert(0, tokens[i - 1] + tokens[i])
            i -= 2
        else:
            merged.insert(0, tokens[i])
            i -= 1
    return merged

def train_bpe(text, num_merges):
    tokens = [bytes([byte]) for byte in text.encode("utf-8")]
    merges = []
    for _ in range(num_merges):
        counts = Counter(zip(tokens, tokens[1:]))
        if not counts:
            break
        pair = max(counts, key=counts.get)
        merges.append(pair)
        tokens = merge_pair(tokens, pair)
    return merges

def bpe_encode(text, merges):
    tokens = [bytes([byte]) for byte in text.encode("utf-8")]
    for pair in merges:
        tokens = merge_pair(tokens, tuple(pair))
    return tokens

def bpe_decode(tokens):
    return b"".join(tokens).decode("utf-8", errors="replace")

sample = "low lower lowest, new newer newest, wide wider widest 🚀"
for num_merges in [0, 5, 20]:
    tokens = bpe_encode(sample, train_bpe(sample, num_merges))
    if tokens is not None:
        print(f"{num_merges:>2} merges: {len(tokens)} tokens, starting with {tokens[:6]}")
