# reject: test_five_most_likely_tokens_are_printed: five tokens are sampled with top_k=5
# says: Nothing is drawn at random

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
drawn = model.generate(**inputs, do_sample=True, top_k=5, max_new_tokens=1, num_return_sequences=5, pad_token_id=50256)
# endregion
# region answer
for row in drawn:
    print(tokenizer.decode(row[-1]))
# endregion
