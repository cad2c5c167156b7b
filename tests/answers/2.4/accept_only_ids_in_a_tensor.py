# accept: the tensor of ids is printed as it is

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
top_probs, top_ids = torch.topk(probs, 5)
# endregion
# region answer
print(top_ids)
print(top_probs)
# endregion
