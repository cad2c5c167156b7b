# reject: test_modules_of_the_model_are_printed: the generator is printed
# says: a generator was printed

print(gpt2.named_modules())
