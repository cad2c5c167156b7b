# %% [raw]
# [[exercise]]
# id = "2.3"
# title = "Inside GPT-2"
# points = 4
# course_cell = "a78ddee1"
# heading = "2.3 - Inside GPT-2"
# teaches = "A model is a tree of named modules that you can walk."
# answers = []
# hints = [
#     "A PyTorch module knows its children by name.",
#     """`named_children()` gives one level of the tree, `named_modules()` all of it; both yield pairs of a name and a \
# module, ready for a loop.""",
#     "`for name, module in gpt2.named_modules(): print(name, type(module).__name__)`. Plain `print(gpt2)` will do, too.",
# ]
#
# [[exercise.givens]]
# name = "gpt2"
# source = "2.2a"
# supply = "gpt2_model"

# %%
# Print the modules of gpt2 with their names
# region answer
for name, module in gpt2.transformer.named_children():
    print(f"{name}: {module}")
print(f"lm_head: {gpt2.lm_head}")
# endregion
