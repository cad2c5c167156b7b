# reject: test_bias_is_a_parameter_and_is_added: the bias is there and never used
# says: the output is not the bias

import torch.nn as nn
import torch
class Linear(nn.Module):
    def __init__(self, in_features, out_features):
        super(Linear, self).__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, x):
        return x @ self.weight.T
