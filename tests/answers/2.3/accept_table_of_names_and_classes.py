# accept: a table in columns, the root without a name left out

print(f"{'name':<40} | {'module':<20} | parameters")
for name, module in gpt2.named_modules():
    if not name:
        continue
    n_params = sum(p.numel() for p in module.parameters())
    print(f"{name:<40} | {module.__class__.__name__:<20} | {n_params:,}")
