# accept: the first numbers come from NumPy, turned into float32

import numpy as np
import torch
import torch.nn as nn

class Linear(nn.Module):
    def __init__(self, in_features, out_features):
        super(Linear, self).__init__()
        std = np.sqrt(2 / (in_features + out_features))
        w = np.random.normal(0, std, size=(in_features, out_features)).astype(np.float32)
        self.w = nn.Parameter(torch.from_numpy(w))
        self.bias = nn.Parameter(torch.FloatTensor(out_features).zero_())

    def forward(self, x):
        x = x.to(self.w.dtype)
        return torch.add(x.matmul(self.w), self.bias)
