# %% [prelude]
import gc, torch, torch.nn as nn

# %% [2.1 failed|errored] returns memory that was never filled, hoping for somebody else's result
class Linear(nn.Module):
    def __init__(self, n, m): super().__init__(); self.m = m
    def forward(self, x): return torch.empty(*x.shape[:-1], self.m)

# %% [2.1 failed|errored] returns NaN and infinity
class Linear(nn.Module):
    def __init__(self, n, m): super().__init__(); self.m = m
    def forward(self, x): return torch.full((*x.shape[:-1], self.m), float("nan"))

# %% [2.1 failed|errored] looks for a tensor of the expected shape in memory
class Linear(nn.Module):
    def __init__(self, n, m): super().__init__(); self.m = m
    def forward(self, x):
        shape = (*x.shape[:-1], self.m)
        return next((t for t in gc.get_objects() if isinstance(t, torch.Tensor) and t.shape == shape), x)

# %% [2.1 failed|errored] changes its input in place, so that whatever it is compared with changes too
class Linear(nn.Module):
    def __init__(self, n, m): super().__init__()
    def forward(self, x):
        x.zero_()
        return x

# %% [2.1 failed|errored] replays what it once was given
last = []
class Linear(nn.Module):
    def __init__(self, n, m): super().__init__()
    def load_state_dict(self, state): last.extend(state.values())
    def forward(self, x): return last[-1] if last else x

# %% [2.1 failed|errored] hands out views of one memory, and fills it only when somebody looks
store = torch.zeros(1 << 20)
class Linear(nn.Module):
    def __init__(self, n, m):
        super().__init__()
        self.weight, self.bias, self.m = store[: n * m].view(m, n), store[:m], m
    def forward(self, x):
        size = x.shape[:-1].numel() * self.m
        return store[:size].view(*x.shape[:-1], self.m)
