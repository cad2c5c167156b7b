# reject: test_the_parts_of_the_model_are_named: the modules are collected and never shown
# says: nothing is printed

modules = dict(gpt2.named_modules())
