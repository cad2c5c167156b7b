# reject: test_weight_is_a_parameter_of_the_right_size: an ordinary class, with parameters that no one lists
# says: is no `nn.Module`

import torch
import torch.nn as nn
class Linear:
    def __init__(self, in_features, out_features):
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def __call__(self, x):
        return x @ self.weight.T + self.bias
