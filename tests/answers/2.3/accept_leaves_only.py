# accept: only the leaves of the tree, by their full names

leaves = [(name, m) for name, m in gpt2.named_modules() if len(list(m.children())) == 0]
for name, m in leaves:
    print(name, m)
