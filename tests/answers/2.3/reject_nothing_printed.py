# reject: test_modules_of_the_model_are_printed: the modules are collected and never shown
# says: nothing is printed

modules = dict(gpt2.named_modules())
