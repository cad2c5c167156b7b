# 1.4 tiktoken, old and new (6 points)

# Encode the sentence with gpt2 and with cl100k_base, decode the ids again,
# and print the ids and the decoded text of both
# How to: https://github.com/openai/tiktoken
import tiktoken

sentence = "The 🌟 star-player scored 40 points!"

"""
YOUR CODE HERE
"""
