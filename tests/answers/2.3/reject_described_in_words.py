# reject: test_the_output_follows_the_model: a summary from memory
# says: does not depend on the model

parts = {
    "wte": "token embeddings",
    "wpe": "position embeddings",
    "h": "12 blocks, each with ln_1, attn, ln_2 and mlp",
    "ln_f": "final layer norm",
    "lm_head": "linear layer to the vocabulary",
}
for name, what in parts.items():
    print(f"{name}: {what}")
