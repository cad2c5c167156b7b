# accept: the model of 2.2 is used again, and labels are passed

# region answer
tok = GPT2TokenizerFast.from_pretrained("gpt2")
# endregion
# region answer
enc = tok(text, return_tensors="pt")
# endregion
# region answer
with torch.no_grad():
    result = gpt2(**enc, labels=enc["input_ids"])
logits = result.logits
# endregion
# region answer
next_logits = logits[0, -1, :]
best = next_logits.argsort(descending=True)[:5]
# endregion
# region answer
print([tok.decode(i) for i in best])
# endregion
