"""The people of the demo class: what each of them hands in, told as changes to the solutions.

A change is text that is put in the place of other text, so that these answers stay in step with the solutions; one
that no longer fits is an error and not a silently right answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from grader.errors import CatalogError
from grader.project import project_catalog
from tools.build import ROOT

Form = Literal["modules", "zipped modules", "notebook", "zipped notebook", "course notebook", "half a file"]

ALL = project_catalog(ROOT).ids
REGULAR = tuple(one.id for one in project_catalog(ROOT).exercise if not one.bonus)
CHAPTER_1 = ("1.1", "1.2", "1.3", "1.4")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """How one answer differs from the solution."""

    exercise: str
    edits: tuple[tuple[str, str], ...]
    """Text of the solution, and what stands in its place."""

    def applied_to(self, solution: str) -> str:
        """The changed answer.

        Raises:
            CatalogError: the solution does not hold what is to be changed.
        """
        for old, new in self.edits:
            if old not in solution:
                raise CatalogError(f"tools/demo_class.py: the solution of {self.exercise} no longer has {old!r}")
            solution = solution.replace(old, new)
        return solution


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One member of the class."""

    name: str
    form: Form
    story: str
    """What this submission shows, in a line."""
    solved: tuple[str, ...] = ()
    """Exercises with an answer; the others are as they were shipped."""
    changes: tuple[Change, ...] = ()

    def answers(self, solutions: Mapping[str, str]) -> dict[str, str]:
        """The code of every exercise that this person worked on, by exercise id."""
        code = {exercise_id: solutions[exercise_id] for exercise_id in self.solved}
        for change in self.changes:
            code[change.exercise] = change.applied_to(code[change.exercise])
        return code


def change(exercise: str, *edits: tuple[str, str]) -> Change:
    """A change, as the list below writes it."""
    return Change(exercise=exercise, edits=edits)


# --- right answers in other styles --------------------------------------------------------

LOWER_CASE = change(
    "1.1", ("sentence.split()", "sentence.lower().split()"), ("in text.split()", "in text.lower().split()")
)
SORTED = change("1.1", ("list(dict.fromkeys([PAD, UNK, *words]))", "sorted({*words, PAD, UNK})"))
MARKER_LEFT_STANDING = change("1.1", ("words = [word", '"""\nYOUR CODE HERE\n"""\nwords = [word'))
UPPER_CASE_FIRST = change(
    "1.2", ("[PAD, UNK, *string.ascii_letters]", "[*string.ascii_uppercase, *string.ascii_lowercase, PAD, UNK]")
)
TOKENIZER_CALLED = change("1.3", ("bpe_tok.encode(text)", 'bpe_tok(text)["input_ids"]'))
ENCODING_BY_MODEL = change(
    "1.4",
    ('["gpt2", "cl100k_base"]', '["gpt2", "gpt-4"]'),
    ("tiktoken.get_encoding(name)", "tiktoken.encoding_for_model(name)"),
)
OTHER_NAMES = change("2.1", ("self.weight", "self.W"), ("self.bias", "self.b"))
STORED_IN_OUT = change(
    "2.1",
    ("torch.empty(out_features, in_features)", "torch.empty(in_features, out_features)"),
    ("x @ self.weight.T", "x @ self.weight"),
)
NO_BATCH_AXIS = change(
    "2.2b",
    ("dummy_tokens) +", "dummy_tokens[0]) +"),
    ("(seq_len).unsqueeze(0)", "(seq_len)"),
    ("h[0](hidden)", "h[0](hidden.unsqueeze(0))"),
)
WITH_GRADIENTS = change("2.4", ("with torch.no_grad():  # nothing is trained here, so no gradients\n    ", ""))
HYPHENS = change("3.1", ('"top_k": {', '"top-k": {'), ('"top_p": {', '"top-p": {'), ('("-", "_")', '("_", "-")'))

# --- answers that print a good demo and are wrong -----------------------------------------

UNKNOWN_DROPPED = change(
    "1.1",
    (
        "word2id.get(word, word2id[UNK]) for word in text.split()",
        "word2id[word] for word in text.split() if word in word2id",
    ),
)
UNKNOWN_LEARNED = change(
    "1.1",
    ("word2id.get(word, word2id[UNK])", "word2id.setdefault(word, len(word2id))"),
    ("id2word[i] for i", "next(w for w, n in word2id.items() if n == i) for i"),
)
TOKENS_FALL_APART = change(
    "1.2", ("[PAD, UNK, *string.ascii_letters]", "list(string.ascii_letters + PAD + UNK)"), ("char2id[UNK]", "0")
)
SPACED_OUT = change("1.2", ('"".join(', '" ".join('))
EMOJI_LOST = change("1.3", ("bpe_tok.encode(text)", 'bpe_tok.encode(text.encode("ascii", "ignore").decode())'))
ONE_ENCODING = change("1.4", ('["gpt2", "cl100k_base"]', '["cl100k_base"]'))
NO_BIAS = change("2.1", (" + self.bias", ""))
PARAMETER_MODULE = change("2.1", ("nn.Parameter(", "nn.parameter("))
WHOLE_MODEL = change("2.2b", ("gpt2.transformer.h[0](hidden)", "gpt2.transformer(dummy_tokens).last_hidden_state"))
NORM_FIRST = change("2.2b", ("h[0](hidden)", "h[0](gpt2.transformer.ln_f(hidden))"))
DRAWN_AT_RANDOM = change("2.4", ("torch.topk(probs, k=5)", "probs, torch.multinomial(probs, 5)"))
NEVER_SAMPLES = change("3.1", ('"do_sample": True', '"do_sample": False'))
PRINTS_ONE_TOKEN = change(
    "3.1",
    ("max_new_tokens=max_new_tokens", "max_new_tokens=1"),
    ("    return tok.", "    print(tok."),
    ("skip_special_tokens=True)", "skip_special_tokens=True))"),
)
ONE_TOKENIZER = change("4.1", ("AutoTokenizer.from_pretrained(name)", 'AutoTokenizer.from_pretrained("gpt2")'))
TEMPERATURE_IGNORED = change("5.1", ('"temperature": temperature, ', ""))

# --- accidents ----------------------------------------------------------------------------

LEAVES = change("2.1", ("import torch.nn as nn\n", "import torch.nn as nn\nimport os\n\nos._exit(0)\n"))
NEVER_ENDS = change("1.2", ("import string\n", "import string\n\nwhile True:\n    pass\n"))
EIGHT_GIGABYTES = change("2.4", ("# Turn the text", "scratch = torch.ones(2 << 30)  # 8 GB\n\n# Turn the text"))
NO_CLOSING_BRACKET = change("1.3", ("return bpe_tok.encode(text)", "return bpe_tok.encode(text"))

PEOPLE = (
    Person(name="amara", form="modules", solved=ALL, story="everything right, the bonus exercises too"),
    Person(
        name="bruno",
        form="zipped modules",
        solved=REGULAR,
        story="right in other styles: lower case, (in, out) weights",
        changes=(LOWER_CASE, UPPER_CASE_FIRST, TOKENIZER_CALLED, STORED_IN_OUT, WITH_GRADIENTS),
    ),
    Person(
        name="chiara",
        form="notebook",
        solved=REGULAR,
        story="right, with the marker left above a working answer",
        changes=(MARKER_LEFT_STANDING, ENCODING_BY_MODEL, OTHER_NAMES, HYPHENS),
    ),
    Person(name="daisuke", form="modules", story="the stubs as they were shipped"),
    Person(
        name="elif",
        form="zipped modules",
        solved=(*CHAPTER_1, "2.1"),
        story="half finished, and all of that right",
        changes=(SORTED,),
    ),
    Person(
        name="farah",
        form="course notebook",
        solved=REGULAR,
        story="the course's own notebook, all right",
        changes=(NO_BATCH_AXIS,),
    ),
    Person(
        name="goran",
        form="course notebook",
        solved=(*CHAPTER_1, "2.2a", "2.2b", "2.3"),
        story="the course's own notebook, partly filled in",
        changes=(SPACED_OUT, NORM_FIRST),
    ),
    Person(
        name="hana",
        form="modules",
        solved=(*CHAPTER_1, "2.1", "2.2a"),
        story="unknown words dropped, special tokens in pieces, one encoding",
        changes=(UNKNOWN_DROPPED, TOKENS_FALL_APART, ONE_ENCODING, NO_BIAS),
    ),
    Person(
        name="ivan",
        form="zipped notebook",
        solved=REGULAR,
        story="the whole model for one block, nothing ever sampled",
        changes=(PARAMETER_MODULE, WHOLE_MODEL, NEVER_SAMPLES),
    ),
    Person(
        name="jun",
        form="notebook",
        solved=REGULAR,
        story="plausible text, wrong computations",
        changes=(UNKNOWN_LEARNED, EMOJI_LOST, DRAWN_AT_RANDOM, ONE_TOKENIZER, TEMPERATURE_IGNORED),
    ),
    Person(
        name="kofi",
        form="modules",
        solved=REGULAR,
        story="2.1 ends the Python process; costs 2.1 only",
        changes=(LEAVES,),
    ),
    Person(name="lena", form="notebook", solved=REGULAR, story="1.2 never ends; costs 1.2 only", changes=(NEVER_ENDS,)),
    Person(
        name="mateo",
        form="zipped modules",
        solved=REGULAR,
        story="2.4 asks for 8 GB; costs 2.4 only",
        changes=(EIGHT_GIGABYTES,),
    ),
    Person(
        name="nadia",
        form="modules",
        solved=CHAPTER_1,
        story="a bracket is missing in 1.3; costs 1.3 only",
        changes=(NO_CLOSING_BRACKET,),
    ),
    Person(name="omar", form="half a file", solved=REGULAR, story="an upload that broke off: no valid JSON"),
    Person(
        name="priya",
        form="zipped notebook",
        solved=(*CHAPTER_1, "bpe", "3.1"),
        story="a bonus answer, and a generate that prints one token",
        changes=(PRINTS_ONE_TOKEN,),
    ),
)
