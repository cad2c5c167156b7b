# accept: modules() is walked, each module printed as a whole

for module in gpt2.modules():
    print(module)
    print("-" * 40)
