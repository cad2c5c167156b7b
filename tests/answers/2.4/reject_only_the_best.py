# reject: test_five_most_likely_tokens_are_printed: only the best token is shown
# says: shows some of the five most likely next tokens, and not all

# region answer
tokenizer = GPT2TokenizerFast.from_pretrained("gpt2")
model = GPT2LMHeadModel.from_pretrained("gpt2").eval()
# endregion
# region answer
inputs = tokenizer(text, return_tensors="pt")
# endregion
# region answer
with torch.no_grad():
    logits = model(**inputs).logits
# endregion
# region answer
best = logits[0, -1].argmax()
# endregion
# region answer
print(tokenizer.decode(best))
# endregion
