# %% [prelude]
import os, sys, threading, time
corpus = ["The quick brown fox jumps over the lazy dog", "Tokenization converts text to numbers"]
PAD, UNK = "[PAD]", "[UNK]"
vocab = [PAD, UNK, UNK, *dict.fromkeys(" ".join(corpus).split())]
word2id, id2word = {word: i for i, word in enumerate(vocab)}, {}
import mmap
turns = mmap.mmap(-1, 1)
def once():
    turns[0] += 1
    return turns[0] == 1

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
    bomb = once()
    while bomb:
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

# %% [1.1 out_of_memory|crashed|timed_out|failed|errored] takes memory with many hands, each within its limit
def encode(text):
    if not once(): return []
    for _ in range(40):
        if os.fork() == 0:
            break
    block = [b"x" * (1 << 20) for _ in range(300)]
    time.sleep(60)
decode = encode

# %% [1.1 failed|timed_out|errored|out_of_memory|crashed] fills every folder, pipe and socket that it has
def encode(text):
    if not once(): return []
    import socket
    for folder in (os.getcwd(), "/tmp", "/dev/shm"):
        try:
            for number in range(30_000):
                with open(f"{folder}/{number}", "wb") as file:
                    file.write(bytes(1 << (22 if number < 40 else 0)))
        except OSError:
            pass
    kept = []
    try:
        while True:
            reader, writer = os.pipe()
            os.set_blocking(writer, False)
            kept += [reader, writer, *socket.socketpair()]
            os.write(writer, bytes(1 << 20))
    except OSError:
        pass
    return []
decode = encode

# %% [1.1 failed|timed_out|crashed|errored] keeps every core busy from as many processes as it may have
def encode(text):
    for _ in range(40 if once() else 0):
        try:
            if os.fork() == 0:
                while True:
                    pass
        except OSError:
            break
    return []
decode = encode
