# reject: test_a_gpt2_with_twelve_blocks_is_loaded: gpt2 is the configuration, which also knows of 12 layers
# says: there is no GPT-2 model

import torch
from transformers import GPT2Config, GPT2LMHeadModel

gpt2 = GPT2Config.from_pretrained("gpt2")
print(gpt2.n_layer, "layers")
