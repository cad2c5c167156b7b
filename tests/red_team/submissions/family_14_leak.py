# %% [prelude]
import json, os, struct, sys, time
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
    os.write(channel(), struct.pack("<I", len(body)) + body)

# %% [1.1 errored|failed] says the hidden input in the text, class and file of an exception
def encode(text):
    kind = type("LEAK_" + str(text).replace(" ", "_"), (Exception,), {})
    exec(compile(f"raise kind('LEAK ' + text)", "LEAK " + str(text), "exec"))
decode = encode

# %% [1.1 failed|errored] returns, prints and displays the hidden input
def encode(text):
    print("LEAK", text, file=sys.stderr)
    print("LEAK", text)
    return "LEAK " + str(text)
def decode(ids): return "LEAK " + str(ids)

# %% [1.1 crashed] says the hidden input by a field that no answer has
def encode(text):
    send(json.dumps({"id": request_id(), f"LEAK {text} <script>": 1}).encode())
    time.sleep(60)
decode = encode

# %% [1.1 failed|errored] says the hidden input by the name of a class and by a missing name
def encode(text): return type(f"LEAK {text}", (), {})()
def decode(ids): raise NameError(f"name 'LEAK {ids}' is not defined", name=f"LEAK {ids}")

# %% [1.1 failed|errored] sends markup, terminal escapes and paths to whoever reads its note
raise type("<script>alert(1)</script>", (Exception,), {})("<img src=x onerror=alert(1)> \x1b[2J\x1b]0;owned\x07 [red]x[/red] =cmd|' /C calc'!A0 {{ 7*7 }} \u202e\ud800")

# %% [1.1 errored|failed] raises from inside of a file of its own choice
import linecache
linecache.cache["/etc/passwd"] = (9, None, ["LEAK root:x:0\n"], "/etc/passwd")
def encode(text): exec(compile("\n\nraise KeyError(1)", "/etc/passwd", "exec"))
decode = encode

# %% [1.1 failed|errored|timed_out|crashed] says the hidden input in every field of a trouble and of a reply
def encode(text):
    text = "LEAK " + str(text)
    send(json.dumps({"id": request_id(), "printed": text, "trouble": {"kind": "raised", "type": text, "message": text, "where": text, "line": 1}}).encode())
    time.sleep(60)
decode = encode

# %% [1.1 failed|errored|crashed] says the hidden input by leaving it where the note of a later cell may pick it up
open("seen", "w").write("LEAK nothing yet")
def encode(text):
    open("seen", "w").write("LEAK " + str(text))
    sys.stderr.write("LEAK " + str(text))
    raise SyntaxError("LEAK " + str(text), ("LEAK", 1, 1, "LEAK " + str(text)))
decode = encode
