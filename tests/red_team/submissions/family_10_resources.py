# %% [prelude]
import os, sys, threading, time
corpus = ["The quick brown fox jumps over the lazy dog", "Tokenization converts text to numbers"]
PAD, UNK = "[PAD]", "[UNK]"
vocab = [PAD, UNK, *dict.fromkeys(" ".join(corpus).split())]
word2id, id2word = {word: i for i, word in enumerate(vocab)}, {}

# %% [1.1 timed_out] never ends
while True:
    pass

# %% [1.1 timed_out] never ends, and catches everything that could stop it
def forever():
    while True:
        try:
            time.sleep(1)
        except BaseException:
            pass
forever()

# %% [1.1 timed_out|crashed|errored|failed] forks without end
def encode(text):
    while True:
        try:
            os.fork()
        except OSError:
            pass
decode = encode

# %% [1.1 errored|out_of_memory] takes 30 GB in one piece and in many
block = bytearray(30 << 30)

# %% [1.1 errored|out_of_memory|timed_out|crashed] takes memory in small pieces until there is none
row = []
while True:
    row.append(bytes(1 << 20))

# %% [1.1 errored|failed|timed_out|crashed] starts threads until there is no room
for _ in range(100_000):
    threading.Thread(target=time.sleep, args=(60,)).start()

# %% [1.1 errored] fills the disk
with open("/tmp/full", "wb") as file:
    while True:
        file.write(bytes(1 << 20))

# %% [1.1 failed|timed_out] prints without end
for _ in range(3_000):
    print("x" * 1_000_000)
    os.write(1, b"x" * 1_000_000)

# %% [1.1 errored|crashed] recurses until the stack is gone
sys.setrecursionlimit(10**9)
def down(n): return [*map(down, [n])]
down(0)

# %% [1.1 crashed] reads from address 0
import ctypes
ctypes.string_at(0)

# %% [1.1 timed_out] feeds a regular expression that never returns
import re
re.match(r"(a+)+$", "a" * 64 + "b")

# %% [2.1 errored|out_of_memory|failed] makes a tensor of a trillion numbers
import torch, torch.nn as nn
class Linear(nn.Module):
    def __init__(self, n, m): super().__init__(); self.weight = torch.ones(10**6, 10**6)
