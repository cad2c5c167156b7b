# reject: test_the_parts_of_the_model_are_named: the configuration is printed
# says: not all parts of the model are named

print(gpt2.config)
