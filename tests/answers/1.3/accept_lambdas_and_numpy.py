# accept: the methods themselves under the names, ids as an array

import numpy as np
from transformers import AutoTokenizer

bpe_tok = AutoTokenizer.from_pretrained("gpt2")

encode = lambda text: np.array(bpe_tok.encode(text))
decode = lambda ids: bpe_tok.decode(ids, clean_up_tokenization_spaces=False)

sample = "Unbelievable tokenization powers! 🚀"
ids = encode(sample)
recovered = decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Tokens     :", bpe_tok.convert_ids_to_tokens(ids))
print("Decoded    :", recovered)
