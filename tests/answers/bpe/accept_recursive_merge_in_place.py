# accept: merges in place with del, nested helper, ties go to the smallest pair; markers left standing

def train_bpe(text, num_merges):
    """
    YOUR CODE HERE
    """
    def count(tokens):
        table = {}
        for left, right in zip(tokens, tokens[1:]):
            table[left, right] = table.get((left, right), 0) + 1
        return table

    tokens = split(text)
    merges = []
    while num_merges > 0 and len(tokens) > 1:
        table = count(tokens)
        best = min(table, key=lambda pair: (-table[pair], pair))
        glue(tokens, best)
        merges.append(best)
        num_merges -= 1
    return merges

def split(text):
    data = text.encode("utf8")
    return [data[i:i + 1] for i in range(len(data))]

def glue(tokens, pair):
    i = 0
    while i < len(tokens) - 1:
        if (tokens[i], tokens[i + 1]) == tuple(pair):
            tokens[i] += tokens.pop(i + 1)
        i += 1

def bpe_encode(text, merges):
    """
    YOUR CODE HERE
    """
    tokens = split(text)
    for pair in merges:
        glue(tokens, pair)
    return tokens

def bpe_decode(tokens):
    whole = b""
    for token in tokens:
        whole += token
    return str(whole, encoding="utf-8", errors="replace")

sample = "low lower lowest, new newer newest, wide wider widest 🚀"
for num_merges in [0, 5, 20]:
    tokens = bpe_encode(sample, train_bpe(sample, num_merges))
    if tokens is not None:
        print(f"{num_merges:>2} merges: {len(tokens)} tokens, starting with {tokens[:6]}")
