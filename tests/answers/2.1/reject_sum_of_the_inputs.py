# reject: test_batches_are_taken_row_by_row: every output is the sum of the inputs; there is nothing to learn
# says: has no numbers of its own

import torch.nn as nn

class Linear(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.size = out_features

    def forward(self, x):
        return x.sum(-1, keepdim=True).repeat_interleave(self.size, -1)
