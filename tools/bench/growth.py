"""What store and reports take for classes of several sizes: time, memory, and the size of what is written.

One full right answer is graded; its verdict is then kept and reported as if so many students had handed it in.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table

from grader.command_line.border import command
from grader.errors import KitError
from grader.model import RunResult, SubmissionResult
from grader.project import project_catalog, project_root
from grader.run.pipeline import Options, grade, write_reports
from grader.run.store import Store
from tools.bench.submissions import right_answers, write_notebook
from tools.build import read_course

_WIDTH = 110
_FILES = ("results.db", "results.json", "report.html", "students")


@command("growth")
def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command; returns the exit code: 0, or 2 when it could not be measured."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.bench.growth",
        description="Measure what store and reports take as a class grows.",
        epilog="example: python -m tools.bench.growth --counts 100,1000,10000",
    )
    parser.add_argument("--counts", default="100,1000,10000", metavar="NUMBERS", help="default: %(default)s")
    parser.add_argument("--measure", nargs=3, metavar=("COUNT", "VERDICT", "OUT"), help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    if options.measure:
        count, verdict, out = options.measure
        print(json.dumps(measure(int(count), Path(verdict), Path(out))))
        return 0
    counts = [_a_number(text) for text in options.counts.split(",")]
    with tempfile.TemporaryDirectory() as folder:
        verdict = a_verdict(Path(folder))
        rows = [_in_its_own_process(count, verdict, Path(folder, str(count))) for count in counts]
    Console(width=_WIDTH).print(as_table(counts, rows))
    return 0


def a_verdict(folder: Path) -> Path:
    """The verdict on a full right answer, graded now, in a file."""
    path, course = folder / "verdict.json", read_course()
    ((name, submission),) = right_answers(course, 1, seed=0).items()
    write_notebook(submission, course, folder / "class" / f"{name}.ipynb")
    run = grade(Options(paths=(folder / "class",), out=folder / "graded")).run
    path.write_bytes(msgspec.json.encode(run.submissions[0]))
    return path


def measure(count: int, verdict: Path, out: Path) -> dict[str, float]:
    """Keeps and reports a verdict so many times: processor seconds, bytes of what was written, peak memory in MB."""
    text = verdict.read_bytes()
    # Each is read anew: verdicts of a real class share no memory either.
    results = tuple(
        msgspec.structs.replace(msgspec.json.decode(text, type=SubmissionResult), id=f"student-{number:06}")
        for number in range(count)
    )
    out.mkdir()
    start = time.process_time()
    with Store(out / "results.db") as store:
        for result in results:
            store.save(result.id, result)
    stored = time.process_time()
    run = RunResult(format_version=1, kit_version="bench", walls=(), submissions=results)
    write_reports(out, run, project_catalog(project_root()))
    found: dict[str, float] = {"store_s": stored - start, "reports_s": time.process_time() - stored}
    found |= {name: float(_size(out / name)) for name in _FILES}
    return found | {"memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def as_table(counts: Sequence[int], rows: Sequence[dict[str, float]]) -> Table:
    """A row for each size of class."""
    table = Table(title="store and reports of full right answers, processor seconds")
    for name in ("submissions", "store", "reports", *_FILES, "memory"):
        table.add_column(name, justify="right")
    for count, row in zip(counts, rows, strict=True):
        sizes = [f"{row[name] / 1e6:,.1f} MB" for name in _FILES]
        table.add_row(
            f"{count:,}", f"{row['store_s']:.2f}", f"{row['reports_s']:.2f}", *sizes, f"{row['memory_mb']:,.0f} MB"
        )
    return table


def _in_its_own_process(count: int, verdict: Path, out: Path) -> dict[str, float]:
    """So that the peak of memory is that of this size alone."""
    words = ("--measure", str(count), str(verdict), str(out))
    done = subprocess.run(
        [sys.executable, "-m", "tools.bench.growth", *words], check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise KitError(f"{count} submissions: {done.stderr.strip()[-1000:]}")
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _size(path: Path) -> int:
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file())


def _a_number(text: str) -> int:
    if not text.strip().isdecimal() or int(text) < 1:
        raise KitError(f"--counts: a whole number from 1 on was due, not {text!r}")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
