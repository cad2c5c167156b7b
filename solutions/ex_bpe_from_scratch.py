# %% [raw]
# [[exercise]]
# id = "bpe"
# title = "Byte-pair encoding from scratch"
# points = 10
# bonus = true
# heading = "Bonus: byte-pair encoding from scratch"
# teaches = "BPE learns its vocabulary by merging the most frequent pair of neighbours, over and over."
# answers = ["train_bpe", "bpe_encode", "bpe_decode"]
# hints = [
#     "Train on \"aaabdaaabac\" with pencil and paper: which pair comes first, and what does the text look like after it?",
#     """Write one small function that replaces a pair by its merged token everywhere, from left to right. Training \
# calls it once per merge, encoding once per learned merge. `Counter(zip(tokens, tokens[1:]))` counts the neighbours.""",
#     """Start from `[bytes([b]) for b in text.encode("utf-8")]`. Up to `num_merges` times: count the pairs, stop when \
# there is none, take the most frequent, append it to `merges`, merge it in `tokens`. `bpe_encode` starts from the same \
# bytes and applies every merge in order. `bpe_decode` is `b"".join(tokens).decode("utf-8", errors="replace")`.""",
# ]
#
# [exercise.limits]
# run_s = 12.0
# ask_s = 12.0

# %%
# 1. Learn the merges
from collections import Counter

# Room for a helper, such as one that merges one pair everywhere in a list of tokens
# region answer
def merge_pair(tokens, pair):
    """The tokens with every occurrence of the pair made one token, from left to right."""
    merged, i = [], 0
    while i < len(tokens):
        if tuple(tokens[i:i + 2]) == pair:
            merged.append(tokens[i] + tokens[i + 1])
            i += 2
        else:
            merged.append(tokens[i])
            i += 1
    return merged
# endregion

def train_bpe(text, num_merges):
    """Learns byte-pair encoding from a text.

    Start with one token per byte of the text's UTF-8. Find the pair of neighbours that occurs most
    often (of several equally frequent ones any will do), merge it everywhere, from left to right,
    and repeat.

    Args:
        text: the text to learn from, a string.
        num_merges: how many merges to learn; fewer when no pair is left.

    Returns:
        The merges in the order learned, each a pair `(left, right)` of the tokens that became one.
    """
    # region answer
    tokens = [bytes([byte]) for byte in text.encode("utf-8")]
    merges = []
    for _ in range(num_merges):
        counts = Counter(zip(tokens, tokens[1:]))
        if not counts:
            break
        pair, _count = counts.most_common(1)[0]
        merges.append(pair)
        tokens = merge_pair(tokens, pair)
    return merges
    # endregion

# 2. From text to tokens and back
def bpe_encode(text, merges):
    """The tokens of any text, a list of bytes objects.

    These are the text's single bytes with all the merges applied, in the order learned.
    """
    # region answer
    tokens = [bytes([byte]) for byte in text.encode("utf-8")]
    for pair in merges:
        tokens = merge_pair(tokens, tuple(pair))
    return tokens
    # endregion

def bpe_decode(tokens):
    """The text of these tokens."""
    # region answer
    # A model may emit half an emoji: replace what is not valid UTF-8 and go on
    return b"".join(tokens).decode("utf-8", errors="replace")
    # endregion

# 3. Try it: the more merges, the fewer tokens
sample = "low lower lowest, new newer newest, wide wider widest 🚀"
for num_merges in [0, 5, 20]:
    tokens = bpe_encode(sample, train_bpe(sample, num_merges))
    if tokens is not None:
        print(f"{num_merges:>2} merges: {len(tokens)} tokens, starting with {tokens[:6]}")
