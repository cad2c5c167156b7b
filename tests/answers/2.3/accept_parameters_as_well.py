# accept: modules first, then the parameters with their shapes

print("Modules:")
print(dict(gpt2.named_modules()).keys())
print()
print("Parameters:")
for n, p in gpt2.named_parameters():
    print(n, list(p.shape))
