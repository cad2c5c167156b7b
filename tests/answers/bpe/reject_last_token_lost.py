# reject: test_every_text_comes_back: the loop ends before the last token
# says: is not the text

from collections import Counter

def merge_pair(tokens, pair):
    merged, i = [], 0
    while i < len(tokens) - 1:
        if tuple(tokens[i:i + 2]) == pair:
            merged.append(tokens[i] + tokens[i + 1])
            i += 2
        else:
            merged.append(tokens[i])
            i += 1
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
