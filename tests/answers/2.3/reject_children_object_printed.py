# reject: test_modules_of_the_model_are_printed: the generator of the children is printed
# says: a generator was printed

print("Modules:", gpt2.transformer.named_children())
