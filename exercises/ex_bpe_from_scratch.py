# bpe Byte-pair encoding from scratch (10 bonus points)

# 1. Learn the merges
from collections import Counter

# Room for a helper, such as one that merges one pair everywhere in a list of tokens
"""
YOUR CODE HERE
"""

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
    """
    YOUR CODE HERE
    """

# 2. From text to tokens and back
def bpe_encode(text, merges):
    """The tokens of any text, a list of bytes objects.

    These are the text's single bytes with all the merges applied, in the order learned.
    """
    """
    YOUR CODE HERE
    """

def bpe_decode(tokens):
    """The text of these tokens."""
    """
    YOUR CODE HERE
    """

# 3. Try it: the more merges, the fewer tokens
sample = "low lower lowest, new newer newest, wide wider widest 🚀"
for num_merges in [0, 5, 20]:
    tokens = bpe_encode(sample, train_bpe(sample, num_merges))
    if tokens is not None:
        print(f"{num_merges:>2} merges: {len(tokens)} tokens, starting with {tokens[:6]}")
