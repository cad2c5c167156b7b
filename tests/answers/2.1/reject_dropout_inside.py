# reject: test_one_vector_becomes_wx_plus_b: dropout is applied to the output
# says: Nothing else follows

import torch
import torch.nn as nn
class Linear(nn.Module):
    def __init__(self, in_features, out_features):
        super(Linear, self).__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))
        self.dropout = nn.Dropout(0.5)

    def forward(self, x):
        return self.dropout(x @ self.weight.T + self.bias)
