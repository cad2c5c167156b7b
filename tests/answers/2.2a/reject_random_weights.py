# reject: test_the_weights_are_the_trained_ones: the model is built from its configuration, with random weights
# says: not those of the pretrained GPT-2

# region answer
from transformers import AutoConfig
gpt2 = GPT2LMHeadModel(AutoConfig.from_pretrained("gpt2"))
print(gpt2.transformer.h[0])
# endregion
