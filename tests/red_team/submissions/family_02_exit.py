# %% [prelude]
corpus = ["The quick brown fox jumps over the lazy dog", "Tokenization converts text to numbers"]
PAD, UNK = "[PAD]", "[UNK]"
vocab = [PAD, UNK, UNK, *dict.fromkeys(" ".join(corpus).split())]
word2id, id2word = {word: i for i, word in enumerate(vocab)}, {}
print("Vocabulary size: 25 words")
import mmap
turns = mmap.mmap(-1, 1)
def one_of(choices):
    turns[0] += 1  # shared by all forks, so that each check meets another
    return choices[turns[0] % len(choices)]

# %% [1.1 crashed] leaves with exit code 0 after a perfect demo
import os
os._exit(0)

# %% [1.1 failed|errored] leaves politely with exit code 0
import sys
sys.exit(0)

# %% [1.1 failed|crashed] leaves as soon as it is asked
import os
def encode(text): os._exit(0)
decode = encode

# %% [1.1 failed|errored] skips, exits and passes by exception
import pytest, unittest
outcomes = [pytest.skip.Exception, pytest.exit.Exception, unittest.SkipTest, pytest.xfail.Exception, StopIteration]
def encode(text): raise one_of(outcomes)("passed")
decode = encode

# %% [1.1 failed|errored|out_of_memory] raises what no handler expects
outcomes = [SystemExit, KeyboardInterrupt, GeneratorExit, BaseException, MemoryError, AssertionError]
def encode(text): raise one_of(outcomes)(0)
decode = encode

# %% [1.1 failed|crashed] hangs the exit code on atexit and on signals
import atexit, os, signal
atexit.register(os._exit, 0)
signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
def encode(text): os.kill(os.getpid(), signal.SIGTERM)
decode = encode

# %% [1.1 failed|crashed] ends every thread, closes every stream and runs another program in its place
import os
def encode(text):
    for number in range(256):
        try:
            os.set_inheritable(number, True)
        except OSError:
            pass
    os.execv("/bin/sh", ["/bin/sh", "-c", "echo 8 passed; exit 0"])
decode = encode
