# reject: test_an_optimizer_can_train_it: weight and bias are buffers: saved with the model, never trained
# says: no parameters to train

import torch
import torch.nn as nn
class Linear(nn.Module):
    def __init__(self, in_features, out_features):
        super(Linear, self).__init__()
        self.register_buffer("weight", torch.randn(out_features, in_features))
        self.register_buffer("bias", torch.randn(out_features))

    def forward(self, x):
        return x @ self.weight.T + self.bias
