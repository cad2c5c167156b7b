# accept: the batch axis is dropped, tokens keep their Ġ

# region answer
tokenizer = GPT2TokenizerFast.from_pretrained("gpt2")
model = GPT2LMHeadModel.from_pretrained("gpt2").eval()
# endregion
# region answer
inputs = tokenizer(text, return_tensors="pt")
# endregion
# region answer
with torch.no_grad():
    logits = model(**inputs).logits[0]
# endregion
# region answer
values, indices = logits[-1].softmax(-1).topk(5)
# endregion
# region answer
print(tokenizer.convert_ids_to_tokens(indices.tolist()))
print(values)
# endregion
