# reject: test_weight_is_a_parameter_of_the_right_size: weight and bias are plain tensors that no optimizer finds
# says: `nn.Parameter` with a capital P makes a tensor a parameter

import torch.nn as nn
import torch
class Linear(nn.Module):
    def __init__(self, in_features, out_features):
        super(Linear, self).__init__()
        self.weight = torch.randn(out_features, in_features, requires_grad=True)
        self.bias = torch.zeros(out_features, requires_grad=True)

    def forward(self, x):
        return x @ self.weight.T + self.bias
