# %% [raw]
# [[exercise]]
# id = "1.2"
# title = "Character-level tokenization"
# points = 8
# course_cell = "4ac29144"
# heading = "1.2 - Character‑level tokenization"
# teaches = "With letters as tokens the vocabulary is tiny and the sequences are long; special tokens stay whole entries."
# answers = ["vocab", "char2id", "id2char", "encode", "decode"]
# hints = [
#     "How many entries does your vocabulary have? 26 + 26 letters and two special tokens make 54.",
#     """A string falls apart into characters when you turn it into a list, so `list("[PAD]")` is five entries. Keep \
# the special tokens as items of a list and spread only the letters. `string.ascii_letters` holds all 52.""",
#     """`vocab = [PAD, UNK, *string.ascii_letters]`, then the two dictionaries from `enumerate(vocab)`. `encode` \
# looks up each character with `char2id.get(char, char2id[UNK])`; `decode` joins with the empty string.""",
# ]
#
# [[exercise.givens]]
# name = "PAD"
# source = "1.1"
# supply = "pad"
#
# [[exercise.givens]]
# name = "UNK"
# source = "1.1"
# supply = "unk"
#
# [[exercise.givens]]
# name = "string"
# source = "cell"
# supply = "module:string"
#
# [exercise.limits]
# run_s = 12.0
# ask_s = 12.0

# %%
# 1. A fixed vocabulary: a-z, A-Z, and PAD and UNK as 1.1 defines them; 54 entries in all
import string

vocab = []
char2id = {}
id2char = {}
# region answer
vocab = [PAD, UNK, *string.ascii_letters]  # the special tokens stay whole, the letters are spread
char2id = {char: i for i, char in enumerate(vocab)}
id2char = {i: char for char, i in char2id.items()}
# endregion
print(f"Vocabulary size: {len(vocab)} (52 letters + 2 specials)")

# 2. From text to ids and back
def encode(text):
    # One id per character; anything but a letter gets the id of UNK
    # region answer
    return [char2id.get(char, char2id[UNK]) for char in text]
    # endregion

def decode(ids):
    # The characters of these ids as one string
    # region answer
    return "".join(id2char[i] for i in ids)
    # endregion

# 3. Try it
sample = "Hello"
ids = encode(sample)
recovered = decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Decoded    :", recovered)
