"""Grades the one submission of an autograder's container and leaves Gradescope a valid results.json, whatever happens.

    python -m grader.run.autograder --base /autograder

Not a verb of `playground`: the `run_autograder` of the zip that `python -m tools.gradescope` builds calls it.
"""

import argparse
import shutil
import sys
import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path

import msgspec

from grader.command_line.arguments import folder_to_write
from grader.command_line.border import command
from grader.command_line.files import write_whole
from grader.errors import IntakeError, SandboxError
from grader.model import RunResult, to_json
from grader.project import project_catalog, project_root
from grader.results.exports.gradescope import broken, results
from grader.results.exports.request import Request

SECRET = "secret.key"  # noqa: S105 - the name of a file
_NO_WALLS = "its walls do not stand in this container."
_FAULT = "something of ours broke."
_NOTHING = "it found no single submission to grade. Hand in your notebook, or your ex_*.py files, and nothing else."


@command("autograder")
def main(argv: Sequence[str] | None = None) -> int:
    """Writes results.json and returns 0; 1 when it could only say that something of ours broke."""
    parser = argparse.ArgumentParser(prog="python -m grader.run.autograder", description=__doc__)
    parser.add_argument(
        "--base", type=folder_to_write, default="/autograder", metavar="DIR", help="default: /autograder"
    )
    parser.add_argument("--with-bonus", action="store_true", help="bonus points count")
    parser.add_argument("--allow-no-walls", action="store_true", help="grade even where no wall stands; unproven")
    options = parser.parse_args(argv)
    place = options.base / "results" / "results.json"
    try:
        run = _graded(options.base / "submission", allow_no_walls=options.allow_no_walls)
        content = _content(run, with_bonus=options.with_bonus) if run else broken(_NOTHING)
    except Exception as error:  # noqa: BLE001 - the border: Gradescope wants a valid file after anything
        traceback.print_exc()  # for the teacher: students don't see this output
        write_whole(place, to_json(broken(_NO_WALLS if isinstance(error, SandboxError) else _FAULT)))
        return 1
    write_whole(place, to_json(content))
    return 0


def _graded(submission: Path, *, allow_no_walls: bool) -> RunResult | None:
    """The run with this one submission; None when there is none, or several."""
    from grader.intake.collect import find
    from grader.run.pipeline import Options, grade

    with tempfile.TemporaryDirectory() as work:
        # Each folder in `submitted` is one submission; links are copied as links, and intake does not follow them.
        shutil.copytree(submission, Path(work, "submitted", "submission"), symlinks=True)
        out = Path(work, "results")
        out.mkdir()
        secret = project_root() / SECRET
        if secret.is_file():  # the same hidden inputs for the whole class
            shutil.copyfile(secret, out / SECRET)
        options = Options(paths=(Path(work, "submitted"),), out=out)
        if len(find(options.paths)[0]) != 1:
            return None
        try:
            return grade(options).run
        except IntakeError:
            return None
        except SandboxError:
            if not allow_no_walls:
                raise
            return grade(msgspec.structs.replace(options, sandboxed=False)).run


def _content(run: RunResult, *, with_bonus: bool) -> dict[str, object]:
    request = Request(exercises=project_catalog(project_root()).exercise, with_bonus=with_bonus)
    return results(run.submissions[0], run, request)


if __name__ == "__main__":
    sys.exit(main())
