# accept: a ParameterList, taken apart in forward

import torch
import torch.nn as nn

class Linear(nn.Module):
    def __init__(self, in_features, out_features):
        super(Linear, self).__init__()
        shapes = [(out_features, in_features), (out_features,)]
        self.params = nn.ParameterList([torch.randn(shape) for shape in shapes])

    def forward(self, x):
        W, b = self.params
        return torch.tensordot(x, W, dims=([-1], [1])) + b
