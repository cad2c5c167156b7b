# accept: decode joins the bytes of all tokens by itself

from transformers import GPT2Tokenizer

bpe_tok = GPT2Tokenizer.from_pretrained("openai-community/gpt2")

def encode(text):
    return bpe_tok.encode(text)

def bytes_to_unicode():
    """GPT-2's table of printable characters for the 256 bytes."""
    bs = list(range(33, 127)) + list(range(161, 173)) + list(range(174, 256))
    cs, n = bs[:], 0
    for b in range(256):
        if b not in bs:
            bs.append(b)
            cs.append(256 + n)
            n += 1
    return {chr(c): b for b, c in zip(bs, cs)}

def decode(ids):
    table = bytes_to_unicode()
    tokens = bpe_tok.convert_ids_to_tokens(list(ids))
    return bytes(table[ch] for token in tokens for ch in token).decode("utf-8", errors="replace")

sample = "Unbelievable tokenization powers! 🚀"
ids = encode(sample)
recovered = decode(ids)

print("\nInput text :", sample)
print("Token IDs  :", ids)
print("Tokens     :", bpe_tok.convert_ids_to_tokens(ids))
print("Decoded    :", recovered)
