# reject: test_one_vector_becomes_wx_plus_b: no weights at all; zeros of the right shape come back
# says: has no numbers of its own

import torch
import torch.nn as nn

class Linear(nn.Module):
    def __init__(self, in_features, out_features):
        super(Linear, self).__init__()
        self.out_features = out_features

    def forward(self, x):
        # right shape for every batch
        return torch.zeros(*x.shape[:-1], self.out_features)
