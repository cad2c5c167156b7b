# %% [prelude]
import base64, json, mmap, os, socket, struct, sys, time
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
def request_id():
    frame = sys._getframe()
    while frame and "request" not in frame.f_locals:
        frame = frame.f_back
    return frame.f_locals["request"].id
def send(body):
    left = struct.pack("<I", len(body)) + body
    while left:
        left = left[os.write(channel(), left):]
turns = mmap.mmap(-1, 1)
def once():
    turns[0] += 1
    return turns[0] == 1
def one_of(choices):
    turns[0] += 1  # shared by all forks, so that each check meets another
    return choices[turns[0] % len(choices)]
def answer(value):
    send(json.dumps({"id": request_id(), "value": value}).encode())
    time.sleep(60)

# %% [1.1 crashed] announces 4 GB
def encode(text): os.write(channel(), b"\xff\xff\xff\xff" + b"x" * 1000)
decode = encode

# %% [1.1 timed_out] stops in the middle of an answer
def encode(text):
    if not once(): return []
    os.write(channel(), struct.pack("<I", 1000) + b'{"id":')
    time.sleep(60)
decode = encode

# %% [1.1 crashed] nests a million lists
def encode(text): send(b'{"id":%d,"value":' % request_id() + b"[" * 1_000_000)
decode = encode

# %% [1.1 crashed] fills the largest answer with empty lists
def encode(text): return send(b'{"id":%d,"value":[' % request_id() + b"[]," * 5_500_000 + b"0]}") if once() else []
decode = encode

# %% [1.1 crashed] sends a set of numbers made to collide
def encode(text): answer({"set": [{"int": str((2**61 - 1) * (2**64 + i))} for i in range(60_000)]})
decode = encode

# %% [1.1 crashed] sends an empty tensor of astronomical shape
def encode(text): answer({"tensor": {"dtype": "float32", "shape": [0] + [2**24] * 7, "data": ""}})
decode = encode

# %% [1.1 crashed] answers questions that were not asked
def encode(text):
    for number in range(100, 200):
        send(b'{"id":%d,"value":[0]}' % number)
decode = encode

# %% [1.1 crashed] floods the channel with noise
def encode(text):
    while True:
        os.write(channel(), os.urandom(1 << 16))
decode = encode

# %% [1.1 failed|timed_out] sends descriptors along
def encode(text):
    with socket.socket(fileno=os.dup(channel())) as line, open("/dev/zero") as zero:
        body = json.dumps({"id": request_id(), "value": [0]}).encode()
        socket.send_fds(line, [struct.pack("<I", len(body)) + body], [zero.fileno()] * 4)
    time.sleep(60)
decode = encode

# %% [1.1 failed|timed_out] sends numbers, text and handles that no honest answer holds
zoo = [{"int": "9" * 3_600}, {"text": base64.b64encode("\ud800".encode("utf-8", "surrogatepass")).decode()}, 2**64 - 1,
            {"handle": {"id": 2**62, "type": "\u202e<b>"}}, {"handle": {"id": -1, "type": ""}}, [2**63], {"float": "nan"}, [[[[]]]]]
def encode(text): answer(one_of(zoo))
decode = encode

# %% [1.1 failed|timed_out] answers with numbers so large that they cannot go back
def encode(text): answer([{"int": "9" * 3_612}])
decode = encode

# %% [1.1 failed|errored|out_of_memory|timed_out] says troubles of every kind
kinds = [("raised", "AttributeError"), ("memory", ""), ("missing", "x"), ("not_plain", "<b>"), ("odd", "StopIteration")]
def encode(text):
    kind, name = one_of(kinds)
    send(json.dumps({"id": request_id(), "trouble": {"kind": kind, "type": name, "message": "LEAK " + text, "line": -5}}).encode())
    time.sleep(60)
decode = encode

# %% [1.1 crashed] says that the kit is at fault
def encode(text): send(json.dumps({"id": request_id(), "trouble": {"kind": "kit", "type": "KitError", "message": "LEAK " + text}}).encode())
decode = encode

# %% [1.1 crashed|failed] says the same field twice, in other types, and fields that nobody knows
def encode(text):
    send(b'{"id":%d,"id":1e0,"value":[0],"value":{"set":[[1]]},"printed":7}' % request_id())
decode = encode

# %% [1.1 crashed|failed|timed_out] prints 16 MB beside its answer, and 16 MB in its trouble
def encode(text):
    if not once(): return []
    send(json.dumps({"id": request_id(), "value": [0], "printed": "LEAK " * 3_000_000}).encode())
    time.sleep(60)
decode = encode

# %% [1.1 crashed|failed|timed_out] drips its answer byte by byte, always in time
def encode(text):
    if not once(): return []
    os.write(channel(), struct.pack("<I", 5000))
    for _ in range(5000):
        os.write(channel(), b" ")
        time.sleep(0.02)
decode = encode
