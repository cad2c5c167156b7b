# reject: test_another_corpus_gives_another_vocabulary: the vocabulary is typed in and does not follow the corpus
# says: the vocabulary does not follow the corpus

# region answer
vocab = [PAD, UNK, "The", "quick", "brown", "fox", "jumps", "over", "the", "lazy", "dog", "Tokenization", "converts", "text",
         "to", "numbers", "Large", "language", "models", "predict", "next", "token"]
word2id = {word: i for i, word in enumerate(vocab)}
id2word = {i: word for word, i in word2id.items()}
# endregion
    # region answer
    return [word2id.get(word, word2id[UNK]) for word in text.split()]
    # endregion
    # region answer
    return " ".join(id2word[i] for i in ids)
    # endregion
