# reject: test_texts_come_back_unchanged: a tokenizer that adds [CLS] and [SEP] and loses the emoji
# says: marks that GPT-2 does not use

# region answer
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import PreTrainedTokenizerFast
pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *"abcdefghijklmnopqrstuvwxyz!,.", *("##" + c for c in "abcdefghijklmnopqrstuvwxyz")]
core = Tokenizer(models.WordPiece({piece: i for i, piece in enumerate(pieces)}, unk_token="[UNK]"))
core.normalizer = normalizers.BertNormalizer(lowercase=True)
core.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
core.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
bpe_tok = PreTrainedTokenizerFast(tokenizer_object=core, unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]")
# endregion
    # region answer
    return bpe_tok.encode(text)
    # endregion
    # region answer
    return bpe_tok.decode(ids)
    # endregion
