# %% [raw]
# [[exercise]]
# id = "2.1"
# title = "A linear layer of your own"
# points = 10
# course_cell = "e425948a"
# heading = "2.1 - A Single `Linear` Layer"
# teaches = "A layer is a module with parameters and a forward pass: y = Wx + b, for one vector or a whole batch."
# answers = ["Linear"]
# hints = [
#     "Make one, `Linear(3, 2)`, and list its `parameters()`: which two should there be, and with which shapes?",
#     """Two `nn.Parameter` (capital P; `nn.parameter` is a module): a weight of shape (out_features, in_features) and \
# a bias of shape (out_features,). Start from small random numbers. With x in rows, W @ x turns into x @ W.T.""",
#     """`self.weight = nn.Parameter(torch.randn(out_features, in_features) * 0.02)`, `self.bias = \
# nn.Parameter(torch.zeros(out_features))`, and `return x @ self.weight.T + self.bias`.""",
# ]
#
# [[exercise.givens]]
# name = "nn"
# source = "cell"
# supply = "module:torch.nn"
#
# [[exercise.givens]]
# name = "torch"
# source = "setup"
# supply = "module:torch"

# %%
# y = Wx + b. Hold W and b as nn.Parameter, so that an optimizer can find them; no nn.Linear inside
import torch.nn as nn
class Linear(nn.Module):
    def __init__(self, in_features, out_features):
        super(Linear, self).__init__()
        # region answer
        # Like nn.Linear: uniform in ±1/sqrt(in_features), so that the output is neither tiny nor huge
        bound = in_features ** -0.5
        self.weight = nn.Parameter(torch.empty(out_features, in_features).uniform_(-bound, bound))
        self.bias = nn.Parameter(torch.empty(out_features).uniform_(-bound, bound))
        # endregion

    def forward(self, x):
        # x: (..., in_features) -> (..., out_features)
        # region answer
        # W @ x would take one vector only; x @ W.T takes any number of rows
        return x @ self.weight.T + self.bias
        # endregion
