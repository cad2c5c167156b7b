# reject: test_the_parts_of_the_model_are_named: the generator is printed
# says: a generator was printed

print(gpt2.named_modules())
