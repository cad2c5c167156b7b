# accept: every product is written out and summed, no matrix product

import torch
import torch.nn as nn
class Linear(nn.Module):
    def __init__(self, in_features, out_features):
        super(Linear, self).__init__()
        weight = torch.empty(out_features, in_features)
        nn.init.normal_(weight, mean=0.0, std=0.02)
        self.register_parameter("weight", nn.Parameter(weight))
        self.register_parameter("bias", nn.Parameter(torch.ones(out_features)))

    def forward(self, x):
        # each output is the sum of weight * input over the inputs
        products = self.weight * x.unsqueeze(-2)
        return products.sum(dim=-1).add(self.bias)
