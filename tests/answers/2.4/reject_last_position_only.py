# reject: test_logits_have_a_score_per_position_and_entry: only the last position is kept
# says: only one position is kept

# region answer
tokenizer = GPT2TokenizerFast.from_pretrained("gpt2")
model = GPT2LMHeadModel.from_pretrained("gpt2").eval()
# endregion
# region answer
inputs = tokenizer(text, return_tensors="pt")
# endregion
# region answer
with torch.no_grad():
    logits = model(**inputs).logits[:, -1, :]
# endregion
# region answer
probs = F.softmax(logits[0], dim=-1)
top_probs, top_ids = torch.topk(probs, 5)
# endregion
# region answer
for p, i in zip(top_probs, top_ids):
    print(f"{tokenizer.decode([i.item()])!r}: {p.item():.4f}")
# endregion
