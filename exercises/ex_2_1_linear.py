# 2.1 A linear layer of your own (10 points)

# y = Wx + b. Hold W and b as nn.Parameter, so that an optimizer can find them; no nn.Linear inside
import torch.nn as nn
class Linear(nn.Module):
    def __init__(self, in_features, out_features):
        super(Linear, self).__init__()
        """
        YOUR CODE HERE
        """

    def forward(self, x):
        # x: (..., in_features) -> (..., out_features)
        """
        YOUR CODE HERE
        """
