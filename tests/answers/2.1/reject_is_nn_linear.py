# reject: test_one_vector_becomes_wx_plus_b: the name is given to PyTorch's class
# says: `Linear` is PyTorch's own layer

import torch.nn as nn
Linear = nn.Linear
