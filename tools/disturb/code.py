"""Changes to the code of answers that leave them right: what people write around an answer."""

import ast
import re
from collections.abc import Callable

Change = Callable[[str], str]
"""From the source of an answer's cell to the source with something around it."""


def _above(lines: str) -> Change:
    return lambda source: lines + "\n" + source


def _below(lines: str) -> Change:
    return lambda source: source.rstrip("\n") + "\n" + lines + "\n"


def _in_main(source: str) -> str:
    """The whole answer inside of `main()`, its functions and tables too."""
    return f"def main():\n{_indented(source)}\n\nmain()\n"


def _behind_name_guard(source: str) -> str:
    return f"if __name__ == {'__main__'!r}:\n{_indented(source)}\n"


def _indented(source: str) -> str:
    """The source one level deeper; the lines of strings that go over several lines stay as they are."""
    tree = ast.parse(source)
    inside = set[int]()
    for part in ast.walk(tree):
        if isinstance(part, (ast.Constant, ast.JoinedStr)) and part.end_lineno and part.end_lineno > part.lineno:
            inside.update(range(part.lineno + 1, part.end_lineno + 1))
    lines = [
        line if number in inside or not line.strip() else "    " + line
        for number, line in enumerate(source.splitlines(), 1)
    ]
    return "\n".join(lines)


def _given_again(rewrite: Callable[[str, str], str]) -> Change:
    """Each given of a plain value is written again in some form, right behind its first assignment."""

    def change(source: str) -> str:
        lines = source.splitlines()
        for statement in reversed(ast.parse(source).body):
            targets = statement.targets if isinstance(statement, ast.Assign) else []
            name = targets[0].id if len(targets) == 1 and isinstance(targets[0], ast.Name) else ""
            if name in GIVENS and isinstance(statement, ast.Assign):
                again = rewrite(name, ast.unparse(statement.value))
                lines[statement.end_lineno : statement.end_lineno] = again.splitlines()
        return "\n".join(lines) + "\n"

    return change


GIVENS = frozenset({"corpus", "sentence", "text"})
"""Names that cells give a plain value."""


def _with_options(options: str) -> Change:
    """Options for each model that is loaded."""
    return lambda source: re.sub(r"(\.from_pretrained\([^()\n]*)\)", rf"\1, {options})", source)


def _dead_code(source: str) -> str:
    """Dead code and comments around the answer."""
    dead = "# TODO: tidy up\n# old = 1\nif False:\n    unused = undefined_name\n"
    return dead + source + '\n"""notes to myself"""\n# done\n'


def _with_tabs(source: str) -> str:
    """Tabs in the place of four spaces, the lines of long strings left out."""
    if '"""' in source or "'''" in source or re.search(r"^ {1,3}\S|^( {4})+ {1,3}\S", source, re.MULTILINE):
        return source
    return re.sub(r"^( {4})+", lambda match: "\t" * (len(match[0]) // 4), source, flags=re.MULTILINE)


CODE_CHANGES: dict[str, Change] = {
    # IPython
    "%%time": _above("%%time"),
    "%%time with a comment above": lambda source: "%%time\n# how long does it take?\n" + source,
    "%matplotlib inline": _above("%matplotlib inline\n%config InlineBackend.figure_format = 'retina'"),
    "!pip": _above("!pip install -q tiktoken transformers"),
    "bare pip": _above("pip install -q tiktoken transformers"),
    "bare cd and ls": _above("cd ..\nls -la\npwd"),
    "get_ipython": _above(
        "get_ipython().system('pip install tiktoken')\nget_ipython().run_line_magic('matplotlib', 'inline')"
    ),
    "await": _above("import asyncio\nawait asyncio.sleep(0)"),
    "help": _below("print?\n?len"),
    "display": _below("display('done')"),
    # hosting
    "Colab's drive": _above("from google.colab import drive\ndrive.mount('/content/drive')"),
    "Colab's secrets": _above(
        "from google.colab import userdata\nimport os\ntoken = userdata.get('HF_TOKEN')\nos.environ['HF_TOKEN'] = token"
    ),
    "hub login": _above("from huggingface_hub import login\nlogin(token='hf_none')"),
    "notebook login": _above("from huggingface_hub import notebook_login\nnotebook_login()"),
    "chdir": _above("import os\nos.chdir('/content/drive/MyDrive')"),
    "environment": _above(
        "import os\nos.environ['CUDA_VISIBLE_DEVICES'] = '0'\nos.environ['TOKENIZERS_PARALLELISM'] = 'true'"
    ),
    "logging": _above("import logging\nlogging.basicConfig(level=logging.INFO)\nlogging.info('start')"),
    "warnings": _above("import warnings\nwarnings.filterwarnings('ignore')\nwarnings.warn('old')"),
    "reads a file that is not there": _above("notes = open('/content/notes.txt').read()"),
    # packages that are not there
    "unneeded imports": _above(
        "import seaborn_of_my_own as sns, re, os\nfrom wandb_of_my_own import init, log as wlog"
    ),
    "plot": _below("import matplotlib_of_my_own.pyplot as plt\nplt.plot([1, 2])\nplt.show()"),
    "plot above": _above(
        "import matplotlib_of_my_own.pyplot as plt\nplt.rcParams['figure.dpi'] = 90\n"
        "fig, ax = plt.subplots()\nax.plot([1])"
    ),
    "guarded import": _above("try:\n    import cupy_of_my_own as xp\nexcept ImportError:\n    xp = None"),
    # devices
    "cuda": _above("import torch\nmy_device = torch.device('cuda')\nprobe = torch.ones(2).to(my_device) + 1"),
    "cuda(), mps": _above("import torch\nprobe = torch.ones(2).cuda()\nother = torch.zeros(1, device='mps')"),
    "cuda where there is one": _above("import torch\nmy_device = 'cuda' if torch.cuda.is_available() else 'cpu'"),
    "cuda synchronize": _above("import torch\ntorch.cuda.synchronize()"),
    # options of a download
    "cache_dir": _with_options("cache_dir='./models'"),
    "force_download": _with_options("force_download=True"),
    "local_files_only": _with_options("local_files_only=True"),
    "token": _with_options("token='hf_none'"),
    # around the answer
    "marker left": lambda source: '"""\nYOUR CODE HERE\n"""\n' + source,
    "in main()": _in_main,
    "behind a name guard": _behind_name_guard,
    "dead code": _dead_code,
    "tabs": _with_tabs,
    "self-test": _below("assert 1 + 1 == 2\nfor number in range(3):\n    assert number < 3, number"),
    "failing self-test": _below("assert False, 'I have to look at this again'"),
    "progress": _above("from tqdm.auto import tqdm\nfor _ in tqdm(range(3)):\n    pass"),
    "thread left running": _below(
        "import threading, time\nthreading.Thread(target=time.sleep, args=(60,), daemon=True).start()"
    ),
    "much printed below": _below("for _ in range(200_000):\n    print('another line')"),
    "much printed above": _above("for _ in range(200_000):\n    print('another line')"),
    "seeds": _above("import random\nrandom.seed(0)"),
    "a bare None below": _below("None"),
    "future import": lambda source: "from __future__ import annotations\n" + source,
    # givens
    "given again": _given_again(lambda name, value: f"{name} = {value}"),
    "given again, annotated": _given_again(lambda name, value: f"{name}: object = {value}"),
    "given again, as a tuple": _given_again(lambda name, value: f"{name}, _n = {value}, 1"),
    "given again, in a with": _given_again(
        lambda name, value: f"import contextlib\nwith contextlib.nullcontext():\n    {name} = {value}"
    ),
    "given again, in a loop": _given_again(lambda name, value: f"for {name} in [{value}]:\n    pass"),
    "given again, by global": _given_again(
        lambda name, value: f"def set_it():\n    global {name}\n    {name} = {value}\nset_it()"
    ),
    "given again, in an if": _given_again(lambda name, value: f"if True:\n    {name} = {value}"),
}
"""By name; each is applied to the cell of every answer."""


def changed(source: str, name: str) -> str:
    """The source of an answer with that change; as it is where it does not fit."""
    try:
        return CODE_CHANGES[name](source)
    except SyntaxError:  # an answer that is no plain Python
        return source
