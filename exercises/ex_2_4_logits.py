# 2.4 Logits and the next token (10 points)

import torch, torch.nn.functional as F
from transformers import GPT2LMHeadModel, GPT2TokenizerFast

# The model and its tokenizer
"""
YOUR CODE HERE
"""

# Turn the text into token ids
text = "Hello my name"
"""
YOUR CODE HERE
"""

# Pass the ids through the model and keep its scores as logits
"""
YOUR CODE HERE
"""

print("Logits shape :", logits.shape)

# Probabilities for the token after the last one
"""
YOUR CODE HERE
"""

print("\nTop-5 predictions for the next token:")
"""
YOUR CODE HERE
"""
