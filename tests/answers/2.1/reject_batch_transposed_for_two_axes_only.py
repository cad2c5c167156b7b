# reject: test_batches_are_taken_row_by_row: (W @ x.T).T is right for a vector and a table, not for sequences
# says: `W @ x` takes one vector only

import torch
import torch.nn as nn
class Linear(nn.Module):
    def __init__(self, in_features, out_features):
        super(Linear, self).__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, x):
        if x.dim() == 1:
            return self.weight @ x + self.bias
        return (self.weight @ x.T).T + self.bias
