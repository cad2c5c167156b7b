# reject: test_five_most_likely_tokens_are_printed: five tokens are generated one after another
# says: shows some of the five most likely next tokens, and not all

import torch, torch.nn.functional as F
from transformers import GPT2LMHeadModel, GPT2TokenizerFast

# Load gpt2 model and tokenizer
tokenizer = GPT2TokenizerFast.from_pretrained("gpt2")
model = GPT2LMHeadModel.from_pretrained("gpt2")
model.eval()

# Tokenize input text
text = "Hello my name"
inputs = tokenizer(text, return_tensors="pt")

# Get logits by passing the ids to the gpt2 model.
with torch.no_grad():
    logits = model(**inputs).logits

print("Logits shape :", logits.shape)

# Predict next token
generated = model.generate(**inputs, max_new_tokens=5, do_sample=False, pad_token_id=tokenizer.eos_token_id)

print("\nTop-5 predictions for the next token:")
for token in generated[0, -5:]:
    print(tokenizer.decode(token))
