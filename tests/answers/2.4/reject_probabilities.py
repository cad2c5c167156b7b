# reject: test_logits_are_gpt2s: softmax is applied to what is called logits
# says: `logits` holds probabilities

# region answer
tokenizer = GPT2TokenizerFast.from_pretrained("gpt2")
model = GPT2LMHeadModel.from_pretrained("gpt2").eval()
# endregion
# region answer
inputs = tokenizer(text, return_tensors="pt")
# endregion
# region answer
with torch.no_grad():
    logits = F.softmax(model(**inputs).logits, dim=-1)
# endregion
# region answer
top_probs, top_ids = torch.topk(logits[0, -1], 5)
# endregion
# region answer
for p, i in zip(top_probs, top_ids):
    print(f"{tokenizer.decode([i.item()])!r}: {p.item():.4f}")
# endregion
