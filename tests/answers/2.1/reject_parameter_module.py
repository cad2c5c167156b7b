# reject: test_weight_is_a_parameter_of_the_right_size: nn.parameter, the module, is called
# says: `nn.parameter` is called, which is a module

import torch.nn as nn
import torch
class Linear(nn.Module):
    def __init__(self, in_features, out_features):
        super(Linear, self).__init__()
        self.weight = nn.parameter(torch.randn(out_features, in_features))
        self.bias = nn.parameter(torch.randn(out_features))

    def forward(self, x):
        return x @ self.weight.T + self.bias
