# reject: test_it_takes_the_demos_vector: NumPy's float64 goes into the parameters, and the demo's float32 does not fit
# says: the parameters should, too

import numpy as np
import torch
import torch.nn as nn
class Linear(nn.Module):
    def __init__(self, in_features, out_features):
        super(Linear, self).__init__()
        self.weight = nn.Parameter(torch.from_numpy(np.random.randn(out_features, in_features)))
        self.bias = nn.Parameter(torch.from_numpy(np.zeros(out_features)))

    def forward(self, x):
        return x @ self.weight.T + self.bias
