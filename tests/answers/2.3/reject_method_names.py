# reject: test_modules_of_the_model_are_printed: dir() lists methods, and the model's own parts drown
# says: shows no modules of the model

for name in dir(gpt2):
    if name.startswith("get_"):
        print(name)
