# %% [prelude]
import os, signal, sys, threading, time
corpus = ["The quick brown fox jumps over the lazy dog", "Tokenization converts text to numbers"]
PAD, UNK = "[PAD]", "[UNK]"
vocab = [PAD, UNK, UNK, *dict.fromkeys(" ".join(corpus).split())]
word2id, id2word = {word: i for i, word in enumerate(vocab)}, {}
def channel():
    for number in range(3, 256):
        try:
            if os.fstat(number).st_mode >> 12 == 12:
                return number
        except OSError:
            pass
def deaf():
    for number in range(1, 65):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass

# %% [1.1 failed|errored] leaves daemons that ignore every signal
for _ in range(3):
    if os.fork() == 0:
        os.setsid()
        deaf()
        if os.fork() == 0:
            time.sleep(3600)
        os._exit(0)

# %% [1.1 failed|errored] leaves threads that go on
for _ in range(5):
    threading.Thread(target=time.sleep, args=(3600,)).start()

# %% [1.1 failed|errored|timed_out|crashed] hops from one process number to the next
def encode(text):
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for _ in range(3):
        if os.fork() == 0:
            end = time.time() + 600
            while time.time() < end:
                if os.fork():
                    os._exit(0)
    return []
decode = encode

# %% [1.1 failed|timed_out|crashed] stops every process it can reach, itself last
def encode(text):
    os.kill(-1, signal.SIGSTOP)
    os.kill(0, signal.SIGSTOP)
decode = encode

# %% [1.1 failed|timed_out|crashed] kills every process it can reach
def encode(text):
    for pid in range(1, 1000):
        try:
            if pid != os.getpid():
                os.kill(pid, signal.SIGKILL)
        except OSError:
            pass
    return []
decode = encode

# %% [1.1 failed|timed_out|crashed] forks in the place of the checkpoint and never says hello
os.fork = lambda: time.sleep(3600)

# %% [1.1 failed|timed_out|crashed] lies about the fork: the checkpoint itself goes on as the child
import socket
os.fork = lambda: 0

# %% [1.1 failed|errored|timed_out|crashed] passes its channel to a daemon that answers in its place
if os.fork() == 0:
    deaf()
    while True:
        try:
            os.write(channel(), b"\x08\0\0\0{\"id\":2}")
        except OSError:
            pass
        time.sleep(0.01)

# %% [1.1 failed|timed_out|crashed] has another process say hello in its place, so that the wrong one is stopped and killed
fork = os.fork
def helped():
    pid = fork()
    if pid == 0 and fork():
        time.sleep(3600)  # the first child stays behind, its own child speaks
    return pid
os.fork = helped

# %% [1.1 failed|timed_out|crashed] keeps the line of every later check and answers all of them from one old process
import socket
close, kept = os.close, []
def keep(number):
    kept.append(os.dup(number))
    close(number)
os.close = keep
def listen():
    while True:
        for number in kept:
            try:
                os.write(number, b"\x15\0\0\0" + b'{"id":1,"value":["a"]}'[:21])
            except OSError:
                pass
        time.sleep(0.05)
threading.Thread(target=listen, daemon=True).start()

# %% [1.1 failed|timed_out|crashed] moves into sessions and groups of its own, adopts orphans, and is no child of anybody
import ctypes
libc = ctypes.CDLL(None)
libc.prctl(36, 1, 0, 0, 0)  # adopts orphans
def encode(text):
    for flags in (0x8000 | 17, 0x4000 | 17, 17, 0):  # a child of the parent, a shared one, one without a signal
        if libc.syscall(56, flags, 0, 0, 0, 0) == 0:
            os.setsid()
            deaf()
            time.sleep(3600)
    return []
decode = encode

# %% [1.1 failed|timed_out|crashed|errored] hops as a small program, quicker than anybody can list
def encode(text):
    for _ in range(2):
        if os.fork() == 0:
            os.setsid()
            os.execv("/bin/sh", ["/bin/sh", "-c", "trap '' 1 2 3 15; hop() { (hop &) ; }; end=60; while [ $end -gt 0 ]; do (sleep 60 &) ; end=$((end-1)); done; hop"])
    return []
decode = encode
