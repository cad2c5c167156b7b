# accept: everything starts at zero

import torch.nn as nn
import torch
class Linear(nn.Module):
    def __init__(self, in_features, out_features):
        super(Linear, self).__init__()
        self.W = nn.Parameter(torch.zeros(out_features, in_features))
        self.b = nn.Parameter(torch.zeros(out_features))

    def forward(self, x):
        return torch.matmul(x, self.W.t()) + self.b
