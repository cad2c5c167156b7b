# accept: the model is printed

print(gpt2)
