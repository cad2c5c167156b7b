# accept: the model is loaded here once more, as model

from transformers import GPT2LMHeadModel

model = GPT2LMHeadModel.from_pretrained("gpt2")
for i, (name, module) in enumerate(model.named_modules()):
    print(f"{i}. {name}: {type(module).__name__}")
