# accept: attributes by other names, misspelt, and F.linear

import torch.nn as nn
import torch
import torch.nn.functional as F
class Linear(nn.Module):
    def __init__(self, in_features, out_features):
        super(Linear, self).__init__()
        self.wieght = nn.Parameter(torch.rand(out_features, in_features))
        self.baias = nn.Parameter(torch.rand(out_features))

    def forward(self, x):
        return F.linear(x, self.wieght, self.baias)
