# accept: each part is printed under its name, by hand

t = gpt2.transformer
print("wte :", t.wte)
print("wpe :", t.wpe)
print("drop:", t.drop)
for i, block in enumerate(t.h):
    print(f"h[{i}]:", block)
print("ln_f:", t.ln_f)
print("lm_head:", gpt2.lm_head)
