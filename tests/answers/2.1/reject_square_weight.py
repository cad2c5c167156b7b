# reject: test_weight_is_a_parameter_of_the_right_size: the weight is square
# says: no weight of the right size

import torch.nn as nn
import torch
class Linear(nn.Module):
    def __init__(self, in_features, out_features):
        super(Linear, self).__init__()
        self.weight = nn.Parameter(torch.randn(in_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, x):
        return (x @ self.weight.T)[..., : len(self.bias)] + self.bias
