# 2.2a Load GPT-2 and look at a block (4 points)

import torch
from transformers import GPT2LMHeadModel

# Load GPT-2 as gpt2, and print how many blocks it has (12) and what the first one is made of
"""
YOUR CODE HERE
"""
