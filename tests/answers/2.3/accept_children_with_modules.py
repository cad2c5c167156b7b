# accept: the children are printed with what is in them

for name, module in gpt2.named_children():
    print(name, '->', module)
