# accept: no no_grad; ids are printed next to the tokens

# region answer
tokenizer = GPT2TokenizerFast.from_pretrained("gpt2")
model = GPT2LMHeadModel.from_pretrained("gpt2").eval()
# endregion
# region answer
ids = tokenizer.encode(text, return_tensors="pt")
# endregion
# region answer
outputs = model(ids)
logits = outputs.logits
# endregion
# region answer
probs = torch.softmax(logits[:, -1, :], dim=-1)
top = torch.topk(probs, k=5)
# endregion
# region answer
for i in range(5):
    print(i + 1, top.indices[0][i].item(), tokenizer.decode(top.indices[0][i]), float(top.values[0][i]))
# endregion
