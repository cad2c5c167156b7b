# reject: test_bias_is_a_parameter_and_is_added: the bias has in_features entries and is added to x
# says: the layer has no bias

import torch
import torch.nn as nn
class Linear(nn.Module):
    def __init__(self, in_features, out_features):
        super(Linear, self).__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        self.bias = nn.Parameter(torch.randn(in_features))

    def forward(self, x):
        return (x + self.bias) @ self.weight.T
