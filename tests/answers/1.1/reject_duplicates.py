# reject: test_vocabulary_holds_each_word_and_special_token_once: words that occur twice stand twice in the vocabulary
# says: stands there twice

# region answer
vocab = [PAD, UNK]
for line in corpus:
    vocab.extend(line.lower().split())
word2id = {word: i for i, word in enumerate(vocab)}
id2word = {i: word for word, i in word2id.items()}
# endregion
    # region answer
    return [word2id.get(w, word2id[UNK]) for w in text.lower().split()]
    # endregion
    # region answer
    return " ".join(id2word[i] for i in ids)
    # endregion
