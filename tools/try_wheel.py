"""Proves that the kit works installed: its wheel in an empty environment, used as a student and as a grader.

Nothing of the checkout is on the path: the student works in the unpacked zip without its `grader/`, the grader in a
folder that holds exercises and hidden checks only.
"""

import argparse
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from grader.command_line.arguments import file_to_read
from grader.command_line.border import command
from grader.errors import KitError
from tools.build import ROOT
from tools.bundle import TOP, student_files, zipped

VERSIONS = ("3.11", "3.12", "3.13")
SOLVED = "ex_1_1_word_level.py"
"""The exercise that the student has done; what it is about does not matter here."""


@command("try_wheel")
def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command; returns the exit code: 0, 1 when the installed kit fails, 2 when it could not be tried."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.try_wheel",
        description="Build the wheel, install it into an empty environment, and be a student and a grader there.",
        epilog="example: python -m tools.try_wheel --with 'torch==2.6.*' --with 'transformers==4.48.*'",
    )
    parser.add_argument(
        "--with",
        dest="requirements",
        action="append",
        default=[],
        metavar="REQUIREMENT",
        help="install this, too: a bound to try; may be given several times",
    )
    parser.add_argument("--wheel", type=file_to_read, metavar="WHEEL", help="try this one instead of building one")
    parser.add_argument(
        "--every-python", action="store_true", help="with each Python from 3.11 to 3.13 that is here, not with this one"
    )
    options = parser.parse_args(argv)
    (ROOT / "build").mkdir(exist_ok=True)
    # Not in the system's folder for such things: submissions may not see that, and a Python in it cannot run them.
    with tempfile.TemporaryDirectory(prefix="try-wheel-", dir=ROOT / "build") as folder:
        try:
            wheel = options.wheel.resolve() if options.wheel else build_wheel(Path(folder, "dist"))
        except (KitError, OSError) as error:
            print(f"try_wheel: {error}", file=sys.stderr)
            return 2
        for number, base in enumerate(pythons() if options.every_python else [Path(sys.executable)]):
            code = _try(wheel, base, options.requirements, Path(folder, str(number)))
            if code:
                return code
    return 0


def _try(wheel: Path, base: Path, requirements: Sequence[str], folder: Path) -> int:
    """Tries the wheel with one Python; returns the command's exit code."""
    try:
        python = empty_environment(folder / "venv", base)
        install(python, [f"{wheel}[grade]", *requirements])
    except (KitError, OSError) as error:
        print(f"try_wheel: {error}", file=sys.stderr)
        return 2
    print(f"{wheel.name}: {versions(python)}", flush=True)
    try:
        look_into(wheel)
        be_a_student(python, folder / "student")
        be_a_grader(python, folder / "course")
    except KitError as error:
        print(f"try_wheel: {error}", file=sys.stderr)
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)  # torch takes room
    return 0


def pythons() -> list[Path]:
    """A Python of each version that the kit is for: those on the PATH, and those that pyenv has."""
    found: dict[str, Path] = {}
    kept = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    for minor in VERSIONS:
        on_path = shutil.which(f"python{minor}")
        places = [*sorted(kept.glob(f"{minor}.*/bin/python{minor}")), *([Path(on_path)] if on_path else [])]
        works = [place for place in places if _answers(place)]
        found |= {minor: works[0]} if works else {}
    return list(found.values()) or [Path(sys.executable)]


def _answers(python: Path) -> bool:
    """Whether it runs: pyenv leaves commands on the PATH for versions that are not chosen."""
    return subprocess.run([python, "-c", "import venv"], capture_output=True, check=False).returncode == 0


def build_wheel(folder: Path) -> Path:
    """The wheel of this checkout, in `folder`.

    Raises:
        KitError: it cannot be built.
    """
    run([sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, ROOT], ROOT)
    return next(folder.glob("*.whl"))


def look_into(wheel: Path) -> None:
    """Holds what is in the wheel against what must be, and what must not.

    Raises:
        KitError: something is missing, or would be given away.
    """
    names = zipfile.ZipFile(wheel).namelist()
    licences = [path.name for path in (ROOT / "grader" / "offline" / "data" / "licences").iterdir()]
    for due in ("grader/py.typed", "LICENSE", "NOTICE.md", *licences):
        if not any(name.endswith(due) for name in names):
            raise KitError(f"{wheel.name} has no {due}")
    strangers = [name for name in names if name.split("/")[0] != "grader" and ".dist-info/" not in name]
    if strangers:
        raise KitError(f"{wheel.name} has {strangers[0]}, and should have nothing but grader/")


def empty_environment(folder: Path, python: Path) -> Path:
    """The interpreter of a new environment of this Python that holds pip and nothing else."""
    run([python, "-m", "venv", folder], ROOT)
    return folder / "bin" / "python"


def install(python: Path, requirements: Sequence[str]) -> None:
    """What pip makes of the requirements, in this environment.

    Raises:
        KitError: pip finds no versions that go together.
    """
    run([python, "-m", "pip", "install", "--quiet", *requirements], ROOT)


def versions(python: Path) -> str:
    """The versions that matter, in words."""
    program = (
        "from importlib.metadata import version; import platform\n"
        "names = ('torch', 'transformers', 'tiktoken', 'pytest')\n"
        "print(f'Python {platform.python_version()}', *(f'{name} {version(name)}' for name in names), sep=', ')"
    )
    return run([python, "-c", program], ROOT).strip()


def be_a_student(python: Path, folder: Path) -> None:
    """Works in the zip, with the package installed in place of the one that lies in it.

    Raises:
        KitError: a command fails or says something else than it should.
    """
    zipfile.ZipFile(io.BytesIO(zipped(student_files()))).extractall(folder)
    kit = folder / TOP
    shutil.rmtree(kit / "grader")
    shutil.copy(ROOT / "solutions" / SOLVED, kit / "exercises")
    must_say(run([python, "-m", "pytest", "-q"], kit), "3 passed", "pytest -q")
    command = python.parent / "playground"
    must_say(run([command, "status"], kit), "8/100", "playground status")
    print("a student: pytest checks an answer, playground says where one stands", flush=True)


def be_a_grader(python: Path, folder: Path) -> None:
    """Grades a right answer to everything and an untouched kit, and passes the points on.

    Raises:
        KitError: a command fails or says something else than it should.
    """
    shutil.copytree(ROOT / "exercises", folder / "exercises")
    without = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "tests" / "hidden", folder / "tests" / "hidden", ignore=without)
    shutil.copytree(ROOT / "solutions", folder / "class" / "full")
    shutil.copytree(ROOT / "exercises", folder / "class" / "empty")
    playground = python.parent / "playground"
    run([playground, "grade", "class", "--out", "results", "--quiet"], folder, fine=(0, 3))
    results = json.loads((folder / "results" / "results.json").read_text(encoding="utf-8"))["submissions"]
    scores = {one["id"]: one["score"] for one in results}
    if scores != {"full": 100, "empty": 0}:
        lost = "\n".join(_lost_checks(next(one for one in results if one["id"] == "full")))
        raise KitError(f"full answers and untouched stubs should have 100 and 0 points, not {scores}\n{lost}")
    if not (folder / "results" / "report.html").is_file():
        raise KitError("playground grade wrote no report.html")
    run([playground, "export", "results", "--to", "nbgrader"], folder)
    print("a grader: a class is graded behind its walls, reported and exported", flush=True)


def _lost_checks(result: dict[str, Any]) -> list[str]:
    return [
        f"{exercise_id} {check['name']} {check['status']}: {check['message']}"
        for exercise_id, exercise in result["exercises"].items()
        for check in exercise["checks"]
        if check["status"] != "passed"
    ]


def must_say(said: str, words: str, command: str) -> None:
    """Holds what a command printed against what it should.

    Raises:
        KitError: the words are not there.
    """
    if words not in said:
        raise KitError(f"{command} should say {words!r}, and said:\n{said}")


def run(command: Sequence[str | Path], folder: Path, fine: Sequence[int] = (0,)) -> str:
    """What the command prints.

    Raises:
        KitError: it ends with a code that is not fine.
    """
    done = subprocess.run(
        [str(word) for word in command],
        cwd=folder,
        env=_clean_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode not in fine:
        words = " ".join(Path(word).name if isinstance(word, Path) else word for word in command)
        raise KitError(f"{words}: exit code {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


def _clean_environment() -> Mapping[str, str]:
    """Without what would let the checkout, or the environment that this runs in, shine through."""
    hidden = {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"}
    return {
        name: value for name, value in os.environ.items() if name not in hidden and not name.startswith("PLAYGROUND_")
    }


if __name__ == "__main__":
    sys.exit(main())
