# reject: test_each_known_word_becomes_its_id: a ready-made BPE tokenizer encodes, the vocabulary is never used
# says: `encode` gives ids other than those in `word2id`

# region answer
words = [word for sentence in corpus for word in sentence.split()]
vocab = list(dict.fromkeys([PAD, UNK, *words]))
word2id = {word: i for i, word in enumerate(vocab)}
id2word = {i: word for i, word in enumerate(vocab)}

from transformers import AutoTokenizer
tokenizer = AutoTokenizer.from_pretrained("gpt2")
# endregion
    # region answer
    return tokenizer.encode(text)
    # endregion
    # region answer
    return tokenizer.decode(ids)
    # endregion
