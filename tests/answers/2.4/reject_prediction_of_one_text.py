# reject: test_the_prediction_follows_the_text: the five tokens are always those of “Hello my name”
# says: five most likely next tokens

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
same = model(**tokenizer("Hello my name", return_tensors="pt")).logits
probs = F.softmax(same[0, -1], dim=-1)
top_probs, top_ids = torch.topk(probs, 5)
# endregion
# region answer
for p, i in zip(top_probs, top_ids):
    print(f"{tokenizer.decode([i.item()])!r}: {p.item():.4f}")
# endregion
