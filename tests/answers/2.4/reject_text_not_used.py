# reject: test_logits_are_gpt2s: another text is written into the tokenizer's call
# says: Hand the model the ids of `text`

# region answer
tokenizer = GPT2TokenizerFast.from_pretrained("gpt2")
model = GPT2LMHeadModel.from_pretrained("gpt2").eval()
# endregion
# region answer
inputs = tokenizer("Hello my name", return_tensors="pt")
# endregion
# region answer
with torch.no_grad():
    logits = model(**inputs).logits
# endregion
# region answer
probs = F.softmax(logits[0, -1], dim=-1)
top_probs, top_ids = torch.topk(probs, 5)
# endregion
# region answer
for p, i in zip(top_probs, top_ids):
    print(f"{tokenizer.decode([i.item()])!r}: {p.item():.4f}")
# endregion
