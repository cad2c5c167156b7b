# reject: test_one_vector_becomes_wx_plus_b: the method is called foward
# says: the layer has no `forward`

import torch
import torch.nn as nn
class Linear(nn.Module):
    def __init__(self, in_features, out_features):
        super(Linear, self).__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def foward(self, x):
        return x @ self.weight.T + self.bias
