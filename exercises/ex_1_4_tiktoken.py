# 1.4 tiktoken, old and new (6 points)

# Encode the sentence with the encodings gpt2 and cl100k_base, decode it again, and print ids and text of both
# How to: https://github.com/openai/tiktoken
import tiktoken

sentence = "The 🌟 star-player scored 40 points!"

"""
YOUR CODE HERE
"""
