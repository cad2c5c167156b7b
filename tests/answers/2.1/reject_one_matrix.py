# reject: test_weight_is_a_parameter_of_the_right_size: W and b in one matrix: right as a function, but not the two parameters that the exercise names
# says: no weight of the right size

import torch
import torch.nn as nn
class Linear(nn.Module):
    def __init__(self, in_features, out_features):
        super(Linear, self).__init__()
        # the last column is the bias, x gets a 1 at its end
        self.theta = nn.Parameter(torch.randn(out_features, in_features + 1) * 0.1)

    def forward(self, x):
        ones = torch.ones(*x.shape[:-1], 1)
        return torch.cat([x, ones], dim=-1) @ self.theta.T
