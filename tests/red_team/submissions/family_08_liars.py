# %% [prelude]
class Yes:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __contains__(self, item): return True
    def __len__(self): return 7
    def __getattr__(self, name): return Yes()
    def __call__(self, *args, **kwargs): return Yes()
    def __bool__(self): return True
    def __hash__(self): return 0

# %% [1.1 failed] is equal to everything
vocab = word2id = id2word = Yes()
def encode(text): return Yes()
decode = encode

# %% [1.1 failed|errored] says that it is text, a number, a list
class Text(str):
    __class__ = int
    def __eq__(self, other): return True
    def split(self, *_): return ["the"]
    lower = __str__ = __repr__ = lambda self: "[unk]"
    __hash__ = str.__hash__
class Number(int):
    def __eq__(self, other): return True
    __hash__ = int.__hash__
class Row(list):
    def __len__(self): return 7
    def __eq__(self, other): return True
vocab, word2id, id2word = Row([Text("a")]), {Text("a"): Number(0)}, {Number(0): Text("a")}
def encode(text): return Row([Number(0)])
def decode(ids): return Text("x")

# %% [1.1 failed|errored|out_of_memory|timed_out|crashed] has items without end
class Endless(dict):
    def items(self):
        while True:
            yield (0, "x")
class Forever(list):
    def __iter__(self):
        while True:
            yield 1
vocab, word2id, id2word = Forever(), Endless(), Endless()
def encode(text): return Forever()
def decode(ids): return Endless()

# %% [1.1 failed|errored|crashed] has a class that raises when it is looked at
class Meta(type):
    @property
    def __name__(cls): raise SystemExit(0)
    @property
    def __mro__(cls): raise SystemExit(0)
class Odd(metaclass=Meta):
    @property
    def __class__(self): raise SystemExit(0)
vocab = word2id = id2word = Odd()
def encode(text): return Odd()
decode = encode

# %% [2.1 failed|errored|crashed] is a tensor that lies about its shape and its values
import torch, torch.nn as nn
class Liar(torch.Tensor):
    shape = property(lambda self: torch.Size([1]))
    dtype = property(lambda self: torch.float32)
    def numel(self): return 1
    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None): return torch.ones(1)
class Linear(nn.Module):
    def __init__(self, n, m): super().__init__()
    def forward(self, x): return torch.zeros(1000).as_subclass(Liar)
    def state_dict(self, *_, **__): return Yes()
    def parameters(self): return [Liar(), Liar()]

# %% [1.1 failed|errored|crashed] lends its answers the methods of the classes that are trusted
class Thief(dict):
    __class__ = dict
    def keys(self): return {"handle": 1}.keys()
    def items(self): return [("handle", {"id": 0, "type": "Yes"}), ("tensor", {"dtype": "float32", "shape": [10**9], "data": ""})]
    def __iter__(self): return iter(["handle"])
vocab, word2id, id2word = Thief(), Thief(handle={"id": 0}), {"supply": "gpt2_model"}
def encode(text): return {"handle": {"id": 0, "type": "list"}}
def decode(ids): return {"text": "aGk="}
