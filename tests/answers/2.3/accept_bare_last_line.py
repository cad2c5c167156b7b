# accept: the model is the cell's last line, which prints nothing

gpt2
