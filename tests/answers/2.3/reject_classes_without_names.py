# reject: test_the_parts_of_the_model_are_named: classes are printed, and no names
# says: not all parts of the model are named

for module in gpt2.modules():
    print(type(module).__name__)
