# reject: test_the_parts_of_the_model_are_named: only the first block is printed
# says: not all parts of the model are named

print("Inside GPT-2:")
print(gpt2.transformer.h[0])
