# accept: the inside of the Transformer is displayed, without the head

display(gpt2.transformer)
