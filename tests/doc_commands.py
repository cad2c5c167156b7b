"""The commands that the pages show, and a shell in a copy of the checkout where they are run as a reader would run them."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from threading import Timer

from tests.students import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("deploy/*.md")])
TIMEOUT_S = 600
"""A command that takes longer hangs: the shell is ended, and the code is that of a process that was killed."""
_BLOCK = re.compile(r"^```(?P<kind>console|sh)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)
_INLINE = re.compile(r"`((?:playground|pytest|make|python -m) [^`]+)`")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A command of a page, and what the page shows that it prints."""

    page: str
    line: int
    words: str
    output: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.page}:{self.line}: {self.words}"


def shown_in(page: Path, text: str | None = None) -> list[Shown]:
    """The commands of the page's blocks, without the remark behind a `#`, in their order."""
    text = page.read_text(encoding="utf-8") if text is None else text
    name, found = page.relative_to(ROOT).as_posix(), []
    for block in _BLOCK.finditer(text):
        line = text.count("\n", 0, block.start()) + 2
        if block["kind"] == "sh":  # one script: it goes over several lines
            found.append(Shown(page=name, line=line, words=block["text"].strip()))
            continue
        parts = re.split(r"^\$ ", block["text"], flags=re.MULTILINE)
        assert not parts[0].strip(), f"{name}:{line}: the block begins with what no command prints"
        for part in parts[1:]:
            words, _, output = part.partition("\n")
            command = re.sub(r"\s+# .*", "", words)
            found.append(Shown(page=name, line=line, words=command, output=tuple(filter(None, output.split("\n")))))
            line += part.count("\n")
    return found


def inline_in(page: Path) -> list[str]:
    """The commands that stand inside the sentences of a page, with more than a name."""
    text = _BLOCK.sub("", page.read_text(encoding="utf-8"))
    return sorted({command.replace("\n", " ") for command in _INLINE.findall(text)})


def comparable(text: str) -> str:
    """The words of what was printed, wherever its lines break, without what differs from run to run: seconds, and how
    many were graded in this run and not before."""
    text = re.sub(r"\d+(\.\d+)? ?s\b", "N s", " ".join(text.split()))
    return re.sub(r"\d+ graded now", "N graded now", text)


def copy_checkout(folder: Path) -> Path:
    """A copy of what git knows or would take in: a fresh clone, with the changes that are not committed yet."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    subprocess.run(["git", "init", "--quiet"], cwd=folder, check=True)
    return folder


class Shell:
    """A bash that stays open, so that `cd` and variables hold from one command to the next.

    `python`, `playground` and `pytest` are those of the environment that runs this, with the modules of the folder;
    `make` takes its tools from there, too, and installs nothing.
    """

    def __init__(self, folder: Path, timeout_s: float = TIMEOUT_S) -> None:
        self._timeout_s = timeout_s
        programs = Path(sys.executable).parent
        environment = os.environ | {
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(folder),
            "COLUMNS": "80",
            "NO_COLOR": "1",
            "EDITOR": "true",
            "MAKEFLAGS": f"BIN={programs} READY= --no-print-directory",
        }
        environment.pop("PYTEST_ADDOPTS", None)
        self._bash = subprocess.Popen(
            ["bash", "--norc"],
            cwd=folder,
            env=environment,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def run(self, command: str) -> tuple[int, str]:
        """The exit code of the command and what it printed, on both streams."""
        mark = f"done-{os.urandom(8).hex()}"
        # In a group and with no input: a command that asks for some ends, and does not eat the next command.
        # What it left running in the background would hold the stream open, so it goes to a file.
        program = f"{{ {command}\n}} </dev/null >.printed 2>&1; code=$?; cat .printed; rm -f .printed; echo; echo {mark} $code\n"
        assert self._bash.stdin
        assert self._bash.stdout
        self._bash.stdin.write(program)
        self._bash.stdin.flush()
        lines: list[str] = []
        patience = Timer(self._timeout_s, self._bash.kill)
        patience.start()
        try:
            for line in self._bash.stdout:
                if line.startswith(mark):
                    return int(line.split()[1]), "".join(lines)
                lines.append(line)
        finally:
            patience.cancel()
        return self._bash.wait(), "".join(lines)  # the command ended the shell, or took too long

    def close(self) -> None:
        """Ends it."""
        self._bash.kill()
        self._bash.communicate()


def understood(command: str) -> str | None:
    """What is wrong with a command inside a sentence, told by its options alone; None when nothing is."""
    words = [word for word in shlex.split(command) if not re.fullmatch(r"\.\.\.|…|[A-Z_]+", word)]
    program, rest = (words[:3], words[3:]) if words[:2] == ["python", "-m"] else (words[:1], words[1:])
    if program[0] == "make":
        verbs = re.findall(r"^(\w[\w-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
        unknown = [verb for verb in rest if "=" not in verb and verb not in verbs]
        return f"no such verb: {', '.join(unknown)}" if unknown else None
    if program[0] == "python":
        if program[2] in ("pytest", "venv", "pip"):
            return None
        if (
            not (ROOT / program[2].replace(".", "/")).is_dir()
            and not (ROOT / f"{program[2].replace('.', '/')}.py").is_file()
        ):
            return f"no such module: {program[2]}"
        if program[2].startswith("tests."):  # they take no options, so they would just run
            return f"no such option: {rest[0]}" if rest else None
    verb = [rest[0]] if program[0] == "playground" and rest and not rest[0].startswith("-") else []
    told = subprocess.run(
        [
            sys.executable,
            "-m",
            *({"playground": ["grader.cli"], "pytest": ["pytest"]}.get(program[0]) or program[2:]),
            *verb,
            "--help",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if told.returncode:
        return told.stderr.strip().splitlines()[-1]
    options = {word.partition("=")[0] for word in rest if word.startswith("-")}
    unknown = sorted(
        option for option in options if not re.search(rf"(?<![\w-]){re.escape(option)}(?![\w-])", told.stdout)
    )
    return f"no such option: {', '.join(unknown)}" if unknown else None
