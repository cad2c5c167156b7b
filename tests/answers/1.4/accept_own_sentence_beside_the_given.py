# accept: the given sentence is left standing, another one is used

# region answer
my_sentence = "Tokenizers split emojis 🤖 and rare words like pneumonoultramicroscopic."

def roundtrip(name: str, text: str):
    enc = tiktoken.get_encoding(name)
    return (ids := enc.encode(text)), enc.decode(ids)

for name in ["gpt2", "cl100k_base"]:
    print(name, *roundtrip(name, my_sentence), sep="\n  ")
# endregion
