# accept: another tokenizer is loaded for comparison, under names of their own

from transformers import AutoTokenizer

gpt2_tokenizer = AutoTokenizer.from_pretrained("gpt2")
qwen_tokenizer = AutoTokenizer.from_pretrained("Qwen/Qwen1.5-1.8B-Chat")

def encode(text, tokenizer=gpt2_tokenizer):
    return tokenizer.encode(text)

def decode(ids, tokenizer=gpt2_tokenizer):
    return tokenizer.decode(ids)

sample = "Unbelievable tokenization powers! 🚀"
for tokenizer in (gpt2_tokenizer, qwen_tokenizer):
    ids = encode(sample, tokenizer)
    print(tokenizer.convert_ids_to_tokens(ids), decode(ids, tokenizer))
