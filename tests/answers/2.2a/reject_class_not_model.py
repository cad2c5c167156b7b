# reject: test_a_gpt2_with_twelve_blocks_is_loaded: gpt2 is the class
# says: there is no GPT-2 model

import torch
from transformers import GPT2LMHeadModel

gpt2 = GPT2LMHeadModel
