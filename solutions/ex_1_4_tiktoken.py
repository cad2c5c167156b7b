# %% [raw]
# [[exercise]]
# id = "1.4"
# title = "tiktoken, old and new"
# points = 6
# course_cell = "7704c470"
# heading = "1.4 - TikToken"
# teaches = "Two encodings cut the same sentence differently; both give it back unchanged."
# answers = []
# hints = [
#     "Two encodings are asked for. Does your output show the ids and the text of both?",
#     """`tiktoken.get_encoding(name)` returns an object with `encode` and `decode`. The same few lines serve both \
# names, so a loop will do.""",
#     """`for name in ["gpt2", "cl100k_base"]:` get the encoding, encode `sentence`, decode the ids again, and print the \
# name, the ids and the decoded text.""",
# ]
#
# [[exercise.givens]]
# name = "sentence"
# source = "cell"

# %%
# Encode the sentence with gpt2 and with cl100k_base, decode the ids again,
# and print the ids and the decoded text of both
# How to: https://github.com/openai/tiktoken
import tiktoken

sentence = "The 🌟 star-player scored 40 points!"

# region answer
for name in ["gpt2", "cl100k_base"]:
    encoding = tiktoken.get_encoding(name)
    token_ids = encoding.encode(sentence)
    # As bytes, since one emoji may be spread over several tokens that are no text on their own
    pieces = [encoding.decode_single_token_bytes(token_id) for token_id in token_ids]

    print(f"\n{name}: {len(token_ids)} tokens out of a vocabulary of {encoding.n_vocab}")
    print("Token IDs  :", token_ids)
    print("Pieces     :", pieces)
    print("Decoded    :", encoding.decode(token_ids))
# endregion
