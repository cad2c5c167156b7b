# accept: a class with class methods, batches, a bare tuple as the last line

# region answer
class Compare:
    names = ("gpt2", "cl100k_base")

    @classmethod
    def encode(cls, text):
        return [tiktoken.get_encoding(n).encode_batch([text])[0] for n in cls.names]

    @classmethod
    def decode(cls, rows):
        return [tiktoken.get_encoding(n).decode_batch([row])[0] for n, row in zip(cls.names, rows)]

rows = Compare.encode(sentence)
texts = Compare.decode(rows)
rows, texts
# endregion
