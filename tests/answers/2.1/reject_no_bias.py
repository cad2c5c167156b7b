# reject: test_bias_is_a_parameter_and_is_added: there is no bias
# says: the layer has no bias

import torch.nn as nn
import torch
class Linear(nn.Module):
    def __init__(self, in_features, out_features):
        super(Linear, self).__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features))

    def forward(self, x):
        return x @ self.weight.T
