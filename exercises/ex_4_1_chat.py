# 4.1 Load a chat model next to GPT-2 (8 points)

from transformers import AutoTokenizer, AutoModelForCausalLM
MODELS = {
    "gpt2": "gpt2",
    "qwen": "Qwen/Qwen1.5-1.8B-Chat"
}
tokenizers, models = {}, {}
# Load the tokenizer and the model of every entry of MODELS, under the same key
"""
YOUR CODE HERE
"""
