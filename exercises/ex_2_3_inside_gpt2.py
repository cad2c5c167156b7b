# 2.3 Inside GPT-2 (4 points)

# Print the modules of gpt2 with their names
"""
YOUR CODE HERE
"""
