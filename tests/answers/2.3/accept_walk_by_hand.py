# accept: a walk of one's own

def show(module, depth=0):
    for name, child in module.named_children():
        print("  " * depth + name + ":", child.__class__.__name__)
        show(child, depth + 1)

show(gpt2)
