# reject: test_each_layer_has_parameters_of_its_own: all layers share one weight of the class
# says: changes another

import torch.nn as nn
import torch
class Linear(nn.Module):
    made = {}

    def __init__(self, in_features, out_features):
        super(Linear, self).__init__()
        if (in_features, out_features) not in self.made:
            self.made[in_features, out_features] = nn.Parameter(torch.randn(out_features, in_features)), nn.Parameter(torch.zeros(out_features))
        self.weight, self.bias = self.made[in_features, out_features]

    def forward(self, x):
        return x @ self.weight.T + self.bias
