"""`python -m tools.stress`: large classes, real disorder, runs that are killed, each held against what must come out.

What it prints are the figures of the documentation.
"""

import argparse
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

from grader.command_line.arguments import folder_to_write
from grader.command_line.border import command
from grader.errors import KitError
from grader.model import ExerciseResult, RunResult, Status
from grader.project import project_catalog, project_root
from grader.results.report.results import read_results_json
from grader.wall.procfs import descendants, resident_mb
from tools.mixed_class import Member, composer, write

_EXAMPLES = """\
examples:
  python -m tools.stress class --count 1000 --out build/stress   a mixed class in one run: verdicts and memory
  python -m tools.stress field --out build/stress                twenty notebooks of the course, as students leave them
  python -m tools.stress kills --count 100 --out build/stress    runs killed at random moments and resumed
"""
_SAMPLE_S = 2.0
_END_S = 60.0
_OURS = {"class", "results", "progress.jsonl", "memory.json"}
"""How long what is left of a killed run may take to go."""
Problems = list[str]


@command("stress")
def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command; 0 when all came out as it must, 1 when not."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.stress",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Large classes, real disorder and killed runs, each held against what must come out.",
    )
    parser.add_argument("what", choices=("class", "field", "kills"))
    parser.add_argument("--count", type=int, default=0, metavar="N", help="submissions (1000), or kills (100)")
    parser.add_argument("--jobs", type=int, default=min(4, os.cpu_count() or 1), metavar="N")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="another class, other moments")
    parser.add_argument(
        "--out", type=folder_to_write, default="build/stress", metavar="DIR", help="default: build/stress"
    )
    options = parser.parse_args(argv)
    _clear(options.out)
    problems = {"class": _large_class, "field": _field, "kills": _kills}[options.what](options)
    for problem in problems:
        print(f"problem: {problem}")
    print(f"{len(problems) or 'no'} problems")
    return 1 if problems else 0


def _clear(out: Path) -> None:
    """Removes what an earlier run left, and nothing else."""
    strangers = sorted({path.name for path in out.iterdir()} - _OURS) if out.is_dir() else []
    if strangers:
        raise KitError(f"{out / strangers[0]}: not of an earlier run of this tool; choose another --out folder")
    shutil.rmtree(out, ignore_errors=True)


def differences(members: Sequence[Member], run: RunResult) -> Problems:
    """Where the verdicts of a composed class are not what its answers say of themselves."""
    results = {result.id: result for result in run.submissions}
    problems = [f"{member.name}: no result" for member in members if member.name not in results]
    for member in members:
        result = results.get(member.name)
        if result is None:
            continue
        is_turned_away = any(note.startswith("Not graded") for note in result.notes)
        if is_turned_away != member.is_broken:
            problems.append(f"{member.name} ({member.story}): {result.notes[:1]}")
        for exercise_id, verdict in result.exercises.items():
            expected = member.expected.get(exercise_id)
            if exercise_id in member.unclear and verdict.status is not Status.KIT_ERROR:
                continue
            if not is_turned_away and not _is_as(expected, verdict):
                wanted = {True: "all points", False: "less than all points", None: "no attempt"}[expected]
                failed = next((f"{c.name}: {c.message}" for c in verdict.checks if c.status is not Status.PASSED), "")
                what = f"{member.name} {exercise_id} ({member.story})"
                problems.append(f"{what}: {verdict.status}, wanted {wanted}; {failed}")
    return problems


def _is_as(expected: bool | None, verdict: ExerciseResult) -> bool:
    if verdict.status is Status.KIT_ERROR:
        return False
    if expected is None:
        return verdict.status is Status.NOT_ATTEMPTED
    return verdict.status is not Status.NOT_ATTEMPTED and (verdict.status is Status.PASSED) == expected


# --- a class in one run -------------------------------------------------------------------


def _large_class(options: argparse.Namespace) -> Problems:
    root = project_root()
    members = list(composer(root, project_catalog(root)).members(options.count or 1000, options.seed))
    return _graded(members, options)


def _field(options: argparse.Namespace) -> Problems:
    root = project_root()
    return _graded(list(composer(root, project_catalog(root)).field_notebooks(options.seed)), options)


def _graded(members: Sequence[Member], options: argparse.Namespace) -> Problems:
    write(members, options.out / "class")
    start = time.monotonic()
    with (options.out / "progress.jsonl").open("w", encoding="utf-8") as log:
        process = _start(options, "--progress", "json", stderr=log)
        samples = list(_samples(process))
    seconds = time.monotonic() - start
    if process.returncode not in (0, 3):
        return [f"the run ended with exit code {process.returncode}, see {options.out / 'progress.jsonl'}"]
    run = read_results_json(options.out / "results")
    (options.out / "memory.json").write_text(json.dumps(samples))
    counts = Counter(verdict.status.value for result in run.submissions for verdict in result.exercises.values())
    print(
        f"{len(run.submissions)} submissions in {seconds:.0f} s, {seconds / len(run.submissions):.2f} s each, "
        f"{options.jobs} jobs"
    )
    print("exercises: " + ", ".join(f"{count} {status}" for status, count in counts.most_common()))
    _print_memory(samples)
    return differences(members, run)


def _start(
    options: argparse.Namespace, *more: str, jobs: int | None = None, stderr: IO[str] | None = None
) -> "subprocess.Popen[bytes]":
    command = [
        sys.executable,
        "-m",
        "grader.cli",
        "grade",
        str(options.out / "class"),
        "--quiet",
        "--out",
        str(options.out / "results"),
        "--jobs",
        str(jobs or options.jobs),
        *more,
    ]
    return subprocess.Popen(command, stderr=stderr, start_new_session=True)


def _samples(process: "subprocess.Popen[bytes]") -> Iterator[dict[str, float]]:
    """Resident megabytes while a run goes on: of its first process and of the largest other one."""
    start = time.monotonic()
    while process.poll() is None:
        others = sorted(resident_mb(pid) for pid in descendants(process.pid))
        yield {
            "s": round(time.monotonic() - start, 1),
            "main_mb": resident_mb(process.pid),
            "largest_mb": others[-1] if others else 0,
            "processes": len(others) + 1,
        }
        time.sleep(_SAMPLE_S)


def _print_memory(samples: Sequence[Mapping[str, float]]) -> None:
    """Ten moments of the run, each the largest of its tenth."""
    print("      s  main MB  largest other MB  processes")
    for tenth in range(10):
        part = samples[len(samples) * tenth // 10 : len(samples) * (tenth + 1) // 10]
        if part:
            most = {name: max(sample[name] for sample in part) for name in part[0]}
            print(f"{most['s']:7.0f}  {most['main_mb']:7.0f}  {most['largest_mb']:16.0f}  {most['processes']:9.0f}")


# --- runs that are killed -----------------------------------------------------------------


def _kills(options: argparse.Namespace) -> Problems:
    """Kills runs at random moments; nothing kept may be lost or graded again, and the end is as if nothing happened."""
    root, rng = project_root(), random.Random(options.seed)
    catalog = project_catalog(root)
    drawn = composer(root, catalog).members(400, options.seed)
    members = [member for member in drawn if member.expected.keys() <= {"1.1", "1.2", "bpe"}][:16]  # quick ones
    write(members, options.out / "class")
    start = time.monotonic()
    if _start(options).wait():
        return ["the undisturbed run failed"]
    length = time.monotonic() - start
    undisturbed, results = _verdicts(options.out), options.out / "results"
    secret = (results / "secret.key").read_bytes()
    problems: Problems = []
    kills, rounds, kept_at = 0, 0, Counter[int]()
    while kills < (options.count or 100):
        shutil.rmtree(results)
        results.mkdir()
        (results / "secret.key").write_bytes(secret)
        rounds += 1
        rows: dict[str, str] = {}
        while True:
            # Later moments when more is done: the start takes the longest, and a run must get further than the last.
            moment, whole = rng.uniform(0.2, 1.1) * length, rng.random() < 0.5
            if not _run_until(moment, options, whole=whole, jobs=rng.randint(1, options.jobs)):
                break
            kills += 1
            print(f"kill {kills} after {moment:.1f} s", file=sys.stderr, flush=True)
            rows = _still_there(rows, results, problems, f"kill {kills}")
            kept_at[len(rows)] += 1
        _still_there(rows, results, problems, f"the end of round {rounds}")
        if _verdicts(options.out) != undisturbed:
            problems.append(f"round {rounds}: other verdicts than the undisturbed run")
    print(
        f"{kills} kills in {rounds} rounds of {len(members)} submissions ({length:.1f} s undisturbed); "
        f"verdicts kept at the kills: {dict(sorted(kept_at.items()))}"
    )
    return problems


def _run_until(moment: float, options: argparse.Namespace, *, whole: bool, jobs: int) -> bool:
    """Starts the run and kills it at that moment; whether it was still going on. Waits until all of it is gone."""
    process = _start(options, jobs=jobs)
    try:
        process.wait(timeout=moment)
    except subprocess.TimeoutExpired:
        pass
    else:
        if process.returncode:
            raise SystemExit(f"a resumed run ended with exit code {process.returncode}")
        return False
    everyone = descendants(process.pid)
    for pid in [process.pid, *(everyone if whole else [])]:  # the first process alone, or all at once
        _kill(pid)
    process.wait()
    end = time.monotonic() + _END_S
    while left := [pid for pid in everyone if _is_alive(pid)]:
        if time.monotonic() > end:
            raise SystemExit(f"processes of a killed run are still there after {_END_S:.0f} s: {left}")
        time.sleep(0.05)
    return True


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _still_there(before: Mapping[str, str], results: Path, problems: Problems, when: str) -> dict[str, str]:
    """What the store holds now, by key with the time of saving; problems for what it lost or saved again."""
    path = results / "results.db"
    rows: dict[str, str] = {}
    if path.exists():
        with sqlite3.connect(path) as db:
            is_made = db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
            rows = dict(db.execute("SELECT key, saved_at FROM results")) if is_made else {}
        db.close()
    problems += [f"{when}: a verdict was lost" for key in before if key not in rows]
    problems += [f"{when}: a verdict was graded twice" for key in before if rows.get(key, before[key]) != before[key]]
    return rows


def _verdicts(out: Path) -> list[tuple[object, ...]]:
    """Everything but the times."""
    run = read_results_json(out / "results")
    return [(r.id, r.sha256, r.score, r.bonus, r.notes, r.exercises) for r in run.submissions]


if __name__ == "__main__":
    sys.exit(main())
