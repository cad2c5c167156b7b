# reject: test_five_most_likely_tokens_are_printed: the least likely tokens are shown
# says: the five tokens are the least likely ones

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
probs = F.softmax(logits[0, -1], dim=-1)
top_probs, top_ids = torch.sort(probs)
top_probs, top_ids = top_probs[:5], top_ids[:5]
# endregion
# region answer
for p, i in zip(top_probs, top_ids):
    print(f"{tokenizer.decode([i.item()])!r}: {p.item():.4f}")
# endregion
