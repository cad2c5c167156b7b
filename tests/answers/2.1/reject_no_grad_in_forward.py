# reject: test_an_optimizer_can_train_it: forward runs under no_grad, copied from an inference example
# says: a step of gradient descent raises an error

import torch
import torch.nn as nn
class Linear(nn.Module):
    def __init__(self, in_features, out_features):
        super(Linear, self).__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, x):
        with torch.no_grad():
            return x @ self.weight.T + self.bias
