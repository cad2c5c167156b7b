# accept: kaiming initialization, einsum, sizes and a flag kept as attributes

import torch.nn as nn
import torch
class Linear(nn.Module):
    def __init__(self, in_features, out_features):
        super(Linear, self).__init__()
        self.in_features, self.out_features, self.use_bias = in_features, out_features, True
        self.weight = nn.Parameter(torch.empty((out_features, in_features)))
        self.bias = nn.Parameter(torch.empty(out_features))
        nn.init.kaiming_uniform_(self.weight, a=5 ** 0.5)
        nn.init.uniform_(self.bias, -0.1, 0.1)

    def forward(self, x):
        return torch.einsum("...i,oi->...o", x, self.weight) + self.bias
