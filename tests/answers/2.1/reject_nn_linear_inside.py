# reject: test_no_ready_made_layer_does_the_work: nn.Linear is wrapped, so nothing is computed here
# says: a layer of PyTorch does the work inside

import torch.nn as nn
class Linear(nn.Module):
    def __init__(self, in_features, out_features):
        super(Linear, self).__init__()
        self.linear = nn.Linear(in_features, out_features)

    def forward(self, x):
        return self.linear(x)
