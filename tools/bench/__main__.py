"""The command: runs the contenders in turn, round by round, and prints what each took."""

import argparse
import json
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

from rich.console import Console

from grader.command_line.arguments import folder_to_write
from grader.command_line.border import command
from grader.errors import KitError
from tools.bench.contenders import CONTENDERS, Contender, Work, fresh, install
from tools.bench.meter import PeakMemory, ProcessorClock, Spent, run
from tools.bench.submissions import right_answers
from tools.bench.table import Row, as_data, as_table, others_versions, speed_up
from tools.build import Course, read_course

_EXAMPLES = """\
examples:
  python -m tools.bench --only kit,floor,pytest         what needs nothing installed
  python -m tools.bench --install --count 6 --rounds 3  everybody; the first time, nbgrader and otter are installed
  python -m tools.bench --only kit,kit-2 --count 20     what a second worker brings
Memory is looked at in a run of its own, after the rounds: looking takes half a core.
"""


@command("bench")
def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command; 0 when everybody gave every submission full marks, 2 when it could not be measured."""
    options = _parser().parse_args(argv)
    console = Console(stderr=True)
    chosen = _chosen(options.only)
    if options.install:
        console.print("installing nbgrader and otter …")
        install(options.venv)
    _must_be_there(chosen, options.venv)
    rows, data = _measure(chosen, options, console)
    (options.out / "bench.json").write_text(json.dumps(data, indent=2), encoding="utf-8")
    Console().print(as_table(list(rows.values()), base=next(iter(rows.values()))))
    gain = speed_up(rows)
    if gain:
        print(f"two workers grade {gain:.2f} times what one does in the same time")
    console.print(f"figures, machine and versions: {options.out / 'bench.json'}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tools.bench",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Time the kit next to other graders on the same answers and checks.",
    )
    names = ", ".join(one.name for one in CONTENDERS)
    parser.add_argument("--only", default="", metavar="NAMES", help=f"some of: {names}")
    parser.add_argument("--count", type=_a_number, default=4, metavar="N", help="submissions in a round (default 4)")
    parser.add_argument("--rounds", type=_a_number, default=3, metavar="N", help="rounds of all (default 3)")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="other submissions, other hidden inputs")
    parser.add_argument("--install", action="store_true", help="install nbgrader and otter first, in --venv")
    parser.add_argument(
        "--venv",
        type=folder_to_write,
        default="build/bench/venv",
        metavar="DIR",
        help="the environment of these two (default: build/bench/venv)",
    )
    parser.add_argument(
        "--out", type=folder_to_write, default="build/bench", metavar="DIR", help="default: build/bench"
    )
    return parser


def _a_number(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"a whole number from 1 on was due, not {text!r}")
    return int(text)


def _chosen(only: str) -> list[Contender]:
    by_name = {one.name: one for one in CONTENDERS}
    names = [name.strip() for name in only.split(",") if name.strip()] or list(by_name)
    for name in names:
        if name not in by_name:
            close = get_close_matches(name, by_name, n=1)
            raise KitError(
                f"--only: no {name!r}; there is {', '.join(by_name)}" + (f". Did you mean {close[0]}?" if close else "")
            )
    return [one for one in CONTENDERS if one.name in names]


def _must_be_there(chosen: Sequence[Contender], venv: Path) -> None:
    for one in chosen:
        if one.of_its_own and not (venv / "bin" / one.name.removesuffix("-2")).is_file():
            raise KitError(f"{one.name} is not installed in {venv}: add --install, or leave it out with --only")


def _measure(
    chosen: Sequence[Contender], options: argparse.Namespace, console: Console
) -> tuple[dict[str, Row], dict[str, object]]:
    clock, course = ProcessorClock(), read_course()
    starts: dict[str, Spent] = {}
    rounds: dict[str, list[Spent]] = {one.name: [] for one in chosen}
    for number in range(options.rounds):
        for one in chosen:
            console.print(f"round {number + 1} of {options.rounds}: {one.name}")
            few = _few(one)
            small = _run(one, course, options, clock, count=few, seed=options.seed + number) if few else None
            spent = _run(one, course, options, clock, count=options.count + few, seed=options.seed + number)
            rounds[one.name].append(_less(spent, small) if small else spent)
            console.print(f"  {rounds[one.name][-1]}")
            if small:
                each = Spent(
                    wall_s=rounds[one.name][-1].wall_s / options.count * few,
                    cpu_s=rounds[one.name][-1].cpu_s / options.count * few,
                )
                starts[one.name] = min(starts.get(one.name, small), _less(small, each), key=lambda s: s.cpu_s)
    memory = {one.name: _peak_mb(one, course, options, clock, console) for one in chosen}
    none = Spent(wall_s=0.0, cpu_s=0.0)
    rows = {
        one.name: Row(
            name=one.name,
            title=one.title,
            start=starts.get(one.name, none),
            rounds=rounds[one.name],
            count=options.count,
            memory_mb=memory[one.name],
        )
        for one in chosen
    }
    data = as_data(list(rows.values()), base=next(iter(rows.values())), seed=options.seed)
    data["machine"]["versions"] |= others_versions(options.venv)
    return rows, data


def _peak_mb(
    one: Contender, course: Course, options: argparse.Namespace, clock: ProcessorClock, console: Console
) -> int:
    """The most memory of a run; not of one that is timed: looking at what many processes share takes half a core."""
    console.print(f"memory: {one.name}")
    with PeakMemory() as peak:
        _run(one, course, options, clock, count=max(2, _few(one)), seed=options.seed)
    return peak.mb


def _few(one: Contender) -> int:
    """How many submissions a run has that says what the start takes; none for who starts anew for each."""
    return {"kit": 2, "kit-2": 2, "floor": 1}.get(one.name, 0)


def _run(  # noqa: PLR0913 - the last two are named
    one: Contender, course: Course, options: argparse.Namespace, clock: ProcessorClock, *, count: int, seed: int
) -> Spent:
    work = Work(
        submissions=right_answers(course, count, seed),
        course=course,
        venv=options.venv.absolute(),
        folder=fresh((options.out / one.name).absolute()),
    )
    lanes = one.lanes(work)
    spent = run(lanes, clock)
    one.check(work)
    return spent


def _less(spent: Spent, other: Spent) -> Spent:
    return Spent(wall_s=spent.wall_s - other.wall_s, cpu_s=spent.cpu_s - other.cpu_s)


if __name__ == "__main__":
    sys.exit(main())
