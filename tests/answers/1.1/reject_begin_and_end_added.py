# reject: test_each_known_word_becomes_its_id: encode puts [BOS] and [EOS] around every text
# says: ids that stand for no word of the text

# region answer
BOS, EOS = "[BOS]", "[EOS]"
vocab = list(dict.fromkeys([PAD, UNK, BOS, EOS, *" ".join(corpus).split()]))
word2id = {word: i for i, word in enumerate(vocab)}
id2word = {i: word for i, word in enumerate(vocab)}
# endregion
    # region answer
    return [word2id[BOS]] + [word2id.get(word, word2id[UNK]) for word in text.split()] + [word2id[EOS]]
    # endregion
    # region answer
    return " ".join(id2word[i] for i in ids)
    # endregion
