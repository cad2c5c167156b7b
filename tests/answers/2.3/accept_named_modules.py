# accept: names only, all the way down

for name, _ in gpt2.named_modules():
    print(name)
