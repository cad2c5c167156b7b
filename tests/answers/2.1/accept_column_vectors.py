# accept: x is made a column, as in y = Wx + b on paper, and the bias is a column too

import torch
import torch.nn as nn
class Linear(nn.Module):
    def __init__(self, in_features, out_features):
        super(Linear, self).__init__()
        k = 1.0 / in_features ** 0.5
        self.W = nn.Parameter(torch.distributions.Uniform(-k, k).sample((out_features, in_features)))
        self.b = nn.Parameter(torch.zeros(out_features, 1))

    def forward(self, x):
        y = self.W @ x.unsqueeze(-1) + self.b   # (..., out, 1)
        return y.squeeze(-1)
