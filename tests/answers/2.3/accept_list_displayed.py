# accept: a list of pairs is displayed

list(gpt2.named_modules())
