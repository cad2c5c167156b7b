# 1.2 Character-level tokenization (8 points)

# 1. A fixed vocabulary: a-z, A-Z, and PAD and UNK as 1.1 defines them; 54 entries in all
import string

vocab = []
char2id = {}
id2char = {}
"""
YOUR CODE HERE
"""
print(f"Vocabulary size: {len(vocab)} (52 letters + 2 specials)")

# 2. From text to ids and back
def encode(text):
    # One id per character; anything but a letter gets the id of UNK
    """
    YOUR CODE HERE
    """

def decode(ids):
    # The characters of these ids as one string
    """
    YOUR CODE HERE
    """

# 3. Try it
sample = "Hello"
ids = encode(sample)
recovered = decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Decoded    :", recovered)
