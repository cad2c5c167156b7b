# reject: test_weight_is_a_parameter_of_the_right_size: the parameters are made before the module is set up
# says: before `super().__init__()`

import torch
import torch.nn as nn
class Linear(nn.Module):
    def __init__(self, in_features, out_features):
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))
        super(Linear, self).__init__()

    def forward(self, x):
        return x @ self.weight.T + self.bias
