"""Finds an answer that goes by another name: the one object of the cell that is what the name should hold.

The name of the notebook counts first. Only where the cell does not define it, every object that the cell does define is
looked at: first its class, then what it does. One that fits is taken, and the result says so; two that fit are a guess,
and nobody's marks should hang on a guess.
"""

from collections.abc import Callable

from grader.checks.answers import (
    a_handle,
    a_list,
    a_table,
    a_text,
    a_text_list,
    a_token_list,
    an_id_list,
    ask,
    shape_of,
    spoken_text,
)
from grader.checks.answers import type_name as class_of
from grader.checks.cell import Cell, Handle, MissingAnswerError, RaisedError
from grader.protocol.student import LostError

_CALLABLES = frozenset({"function", "method", "builtin_function_or_method", "partial", "OptimizedModule"})
_FEWEST_WORDS = 10

Look = Callable[[Cell, str], object]
"""Looks at an object by its name in the cell; raises, or says False, where it is not the one."""


def find_other_names(cell: Cell, exercise_id: str, fresh: Callable[[], Cell]) -> dict[str, str]:
    """The names that the cell uses in place of the notebook's own, by the latter.

    Args:
        cell: is asked for its names, no more.
        exercise_id: whose answers are looked for.
        fresh: gives the cell to try things with, which may change it; needed only where a name is missing.
    """
    answers = _ANSWERS.get(exercise_id, {})
    own = cell.names(own=True)
    missing = [name for name in answers if name not in own]
    spare = {name: kind for name, kind in own.items() if name not in answers}
    wanted = [name for name in missing if any(answers[name][0](kind) for kind in spare.values())]
    if not wanted:
        return {}
    trial = fresh()
    for name in wanted:
        kinds, look = answers[name]
        try:
            fitting = [other for other, kind in spare.items() if kinds(kind) and _fits(trial, other, look)]
        except LostError:  # trying them ended the process: nothing more can be asked
            break
        if len(fitting) == 1:
            trial.other_names[name] = fitting[0]
            del spare[fitting[0]]
    return trial.other_names


def known_answers(exercise_id: str) -> list[str]:
    """The answers of an exercise that are found under other names, too."""
    return list(_ANSWERS.get(exercise_id, {}))


def _fits(cell: Cell, name: str, look: Look) -> bool:
    try:
        return look(cell, name) is not False
    except (AssertionError, MissingAnswerError, RaisedError, TypeError):
        return False


def _is(*kinds: str) -> Callable[[str], bool]:
    return lambda kind: kind in kinds


def _ends(*endings: str) -> Callable[[str], bool]:
    return lambda kind: kind.endswith(endings)


def _can_be_called(kind: str) -> bool:
    return kind in _CALLABLES


# --- what the names should hold -----------------------------------------------------------


def _entries(cell: Cell, name: str) -> bool:
    entries = a_text_list(cell.get(name), name)
    return len(entries) >= _FEWEST_WORDS and len(set(entries)) == len(entries)


def _to_ids(cell: Cell, name: str) -> bool:
    table = a_table(cell.get(name), name, str, int)
    return len(table) >= _FEWEST_WORDS and len(set(table.values())) == len(table)


def _to_entries(cell: Cell, name: str) -> bool:
    value = cell.get(name)  # a list would be the vocabulary itself
    return isinstance(value, dict) and len(a_table(value, name, int, str)) >= _FEWEST_WORDS


def _encoder(cell: Cell, name: str) -> bool:
    return len(an_id_list(ask(cell, name, "the lazy dog"), name)) > 0


def _decoder(cell: Cell, name: str) -> object:
    return a_text(ask(cell, name, an_id_list(ask(cell, "encode", "the lazy dog"), "ids")), name)


def _tokenizer(cell: Cell, name: str) -> object:
    return ask(a_handle(cell.get(name), name), "convert_ids_to_tokens", [1])


def _layer_class(cell: Cell, name: str) -> bool:
    state = ask(a_handle(ask(cell, name, 3, 2), name), "state_dict")
    return isinstance(state, dict) and {shape_of(value) for value in state.values()} >= {(2,)}


def _object(cell: Cell, name: str) -> bool:
    return isinstance(cell.get(name), Handle)


def _scores(cell: Cell, name: str) -> bool:
    shape = shape_of(cell.get(name))
    return len(shape) == 3 and shape[0] == 1 and shape[-1] == 50_257


def _table_of(ending: str) -> Look:
    def look(cell: Cell, name: str) -> bool:
        value = cell.get(name)
        return isinstance(value, dict) and ending in class_of(value.get("gpt2"))

    return look


def _generator(*more: object, **knobs: object) -> Look:
    def look(cell: Cell, name: str) -> bool:
        value = ask(cell, name, "gpt2", "The", "greedy", *more, **knobs)
        return bool(spoken_text(value, cell.last_output, name).strip())

    return look


def _trainer(cell: Cell, name: str) -> bool:
    merges = ask(cell, name, "aab aab aab", 2)
    return isinstance(merges, (list, tuple, dict, Handle)) and 1 <= len(merges) <= 2


def _cutter(cell: Cell, name: str) -> bool:
    tokens = a_token_list(ask(cell, name, "aab", ask(cell, "train_bpe", "aab aab aab", 2)), name)
    return b"".join(tokens) == b"aab" and len(tokens) < len("aab")  # a helper that merges one pair leaves all three


def _joiner(cell: Cell, name: str) -> bool:
    tokens = a_list(ask(cell, "bpe_encode", "aab", ask(cell, "train_bpe", "aab aab aab", 2)), "tokens")
    return bool(a_text(ask(cell, name, tokens), name) == "aab")


_CODEC: dict[str, tuple[Callable[[str], bool], Look]] = {
    "encode": (_can_be_called, _encoder),
    "decode": (_can_be_called, _decoder),
}
_ANSWERS: dict[str, dict[str, tuple[Callable[[str], bool], Look]]] = {
    "1.1": {
        "vocab": (_is("list", "tuple"), _entries),
        "word2id": (_ends("dict", "Dict"), _to_ids),
        "id2word": (_ends("dict", "Dict"), _to_entries),
        **_CODEC,
    },
    "1.2": {
        "vocab": (_is("list", "tuple"), _entries),
        "char2id": (_ends("dict", "Dict"), _to_ids),
        "id2char": (_ends("dict", "Dict"), _to_entries),
        **_CODEC,
    },
    "1.3": {"bpe_tok": (lambda kind: "Tokeniz" in kind, _tokenizer), **_CODEC},
    "bpe": {
        "train_bpe": (_can_be_called, _trainer),
        "bpe_encode": (_can_be_called, _cutter),
        "bpe_decode": (_can_be_called, _joiner),
    },
    "2.1": {"Linear": (_is("type"), _layer_class)},
    "2.2a": {"gpt2": (lambda kind: kind.startswith("GPT2") and kind.endswith("Model"), _object)},
    "2.4": {"logits": (_is("Tensor"), _scores)},
    "3.1": {
        "tokenizers": (_is("dict"), _table_of("Tokeniz")),
        "models": (_is("dict"), _table_of("Model")),
        "generate": (_can_be_called, _generator(2)),
    },
    "3.3": {"generate": (_can_be_called, _generator(2, k=50))},  # knobs that the one of 3.1 lacks
    "4.1": {"tokenizers": (_is("dict"), _table_of("Tokeniz")), "models": (_is("dict"), _table_of("Model"))},
    "5.1": {"generate_playground": (_can_be_called, _generator(1.0, 2))},
}
"""For each answer: the classes that may be it, and the look that tells. In the order of the notebook."""
