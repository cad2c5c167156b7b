# reject: test_vocabulary_holds_each_word_and_special_token_once: whole sentences stand beside the words
# says: a whole sentence stands in `vocab`

# region answer
vocab = [PAD, UNK] + corpus
for line in corpus:
    vocab += [w for w in line.split() if w not in vocab]
vocab = list(dict.fromkeys(vocab))
word2id = {word: i for i, word in enumerate(vocab)}
id2word = {i: word for i, word in enumerate(vocab)}
# endregion
    # region answer
    return [word2id.get(word, word2id[UNK]) for word in text.split()]
    # endregion
    # region answer
    return " ".join(id2word[i] for i in ids)
    # endregion
