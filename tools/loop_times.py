"""Measures the student's loop: from a save to the verdict in `watch`, and cold runs of pytest, next to a plain pytest.

The plain one checks nothing and imports the libraries that the exercise needs, as any checker has to that starts
afresh. All runs alternate on the same machine, in a student's folder with right answers.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from grader.command_line.border import command
from tools.build import read_course
from tools.bundle import student_files

_PYTEST = [sys.executable, "-m", "pytest", "-q"]
_WATCH = [sys.executable, "-c", "import sys; from grader.student.commands import main; sys.exit(main(['watch']))"]
_LIGHT = ""
_TEXT_MODELS = "import torch\nfrom transformers import AutoModelForCausalLM, AutoTokenizer\n"
_ALL = f"{_TEXT_MODELS}import tiktoken\nimport ipywidgets\nfrom IPython.display import display\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """What one thing took, run by run."""

    name: str
    wall_s: list[float]
    cpu_s: list[float]
    """Empty where the processor time is not the thing's own."""

    def row(self) -> str:
        """The medians."""
        wall = f"{statistics.median(self.wall_s):8.2f} s"
        cpu = f"{statistics.median(self.cpu_s):8.2f} s" if self.cpu_s else f"{'':>10}"
        spread = f"{min(self.wall_s):.2f} to {max(self.wall_s):.2f}"
        return f"{self.name:<42}{wall}{cpu}   {spread:<16}{len(self.wall_s):>3}"


@command("loop_times")
def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command; prints a table."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.loop_times",
        description="Measure the student's loop.",
        epilog="example: python -m tools.loop_times --runs 5 --saves 20",
    )
    parser.add_argument("--runs", type=int, default=5, metavar="N", help="cold runs of each kind (default 5)")
    parser.add_argument("--saves", type=int, default=20, metavar="N", help="saves in watch (default 20)")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        kit = _solved_kit(Path(folder) / "kit")
        times = [*_cold(kit, Path(folder), options.runs), *_saves(kit, options.saves)]
    print(f"{'median of':<42}{'wall':>10}{'CPU':>10}   {'wall, all runs':<16}{'n':>3}")
    for one in times:
        print(one.row())
    return 0


def _solved_kit(folder: Path) -> Path:
    """A student's folder with right answers."""
    files = student_files()
    for source in read_course().sources.values():
        files[f"exercises/{source.exercise.file}"] = f"{source.solution}\n".encode()
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def _cold(kit: Path, folder: Path, runs: int) -> list[Times]:
    """Cold runs, one of each kind in turn."""
    kinds: dict[str, Callable[[], tuple[float, float]]] = {
        "plain pytest, nothing imported": lambda: _timed(_plain(folder, _LIGHT), folder),
        "pytest 1.1": lambda: _timed([*_PYTEST, "1.1"], kit),
        "plain pytest, libraries of 3.1": lambda: _timed(_plain(folder, _TEXT_MODELS), folder),
        "pytest 3.1": lambda: _timed([*_PYTEST, "3.1"], kit),
        "plain pytest, libraries of all": lambda: _timed(_plain(folder, _ALL), folder),
        "pytest, all exercises": lambda: _timed(_PYTEST, kit),
    }
    for kind in kinds.values():  # the first run of each reads files from the disk that are in memory afterwards
        kind()
    taken = [[kind() for kind in kinds.values()] for _ in range(runs)]
    columns = zip(*taken, strict=True)
    return [
        Times(name=name, wall_s=[wall for wall, _ in column], cpu_s=[cpu for _, cpu in column])
        for name, column in zip(kinds, columns, strict=True)
    ]


def _plain(folder: Path, imports: str) -> list[str]:
    test = folder / "test_plain.py"
    test.write_text(f"{imports}\ndef test_nothing():\n    pass\n", encoding="utf-8")
    return [*_PYTEST, "-p", "no:cacheprovider", str(test)]


def _timed(command: list[str], folder: Path) -> tuple[float, float]:
    """Wall and processor seconds of a command that must succeed."""
    before, start = os.times(), time.perf_counter()
    subprocess.run(command, cwd=folder, env=_environment(), check=True, stdout=subprocess.DEVNULL)
    wall, after = time.perf_counter() - start, os.times()
    # Each kind by itself: the difference of two sums may come out below zero where next to nothing was used.
    user, system = after.children_user - before.children_user, after.children_system - before.children_system
    return wall, user + system


def _environment() -> dict[str, str]:
    """Without plugins that students do not have."""
    return {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONIOENCODING": "utf-8"}


def _saves(kit: Path, count: int) -> Iterator[Times]:
    """From a save to the verdict, in a `watch` that is warm."""
    with _watching(kit) as said:
        for exercise_id, file in (("1.1", "ex_1_1_word_level.py"), ("3.1", "ex_3_1_generate.py")):
            path = kit / "exercises" / file
            text = path.read_text(encoding="utf-8")
            taken = []
            for number in range(count + 2):
                time.sleep(0.2)
                path.write_text(f"{text}# save {number}\n", encoding="utf-8")
                start = time.perf_counter()
                _wait_for(f"{exercise_id} ", said)
                taken.append(time.perf_counter() - start)
            # The first two warm the process up.
            yield Times(name=f"watch {exercise_id}, save to verdict", wall_s=taken[2:], cpu_s=[])


@contextmanager
def _watching(kit: Path) -> Iterator[IO[str]]:
    watch = subprocess.Popen(
        _WATCH, cwd=kit, env=_environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, encoding="utf-8"
    )
    try:
        if watch.stdout is None:
            raise RuntimeError("no pipe")
        _wait_for("1.1 ", watch.stdout)
        yield watch.stdout
    finally:
        watch.terminate()
        watch.wait()


def _wait_for(start: str, said: IO[str]) -> None:
    """Reads on until a line of verdicts of that exercise; it must be one of full marks."""
    for line in said:
        if line.startswith(start):
            if ": done," not in line:
                raise RuntimeError(f"a right answer was not judged right: {line.strip()}")
            return
    raise RuntimeError("watch ended")


if __name__ == "__main__":
    sys.exit(main())
