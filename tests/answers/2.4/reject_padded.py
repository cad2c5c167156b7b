# reject: test_logits_have_a_score_per_position_and_entry: the text is padded, and the padding scored as well
# says: do not have the shape

# region answer
tokenizer = GPT2TokenizerFast.from_pretrained("gpt2")
model = GPT2LMHeadModel.from_pretrained("gpt2").eval()
tokenizer.pad_token = tokenizer.eos_token
# endregion
# region answer
inputs = tokenizer(text, return_tensors="pt", padding="max_length", max_length=16)
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
