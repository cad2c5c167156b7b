# reject: test_modules_of_the_model_are_printed: the configuration is printed
# says: shows no modules of the model

print(gpt2.config)
