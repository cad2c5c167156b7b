"""Builds the zip that Gradescope takes as an autograder: the kit, its hidden checks, setup.sh and run_autograder."""

import argparse
import io
import re
import secrets
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

from grader.command_line.arguments import file_to_write
from grader.command_line.border import command
from grader.command_line.files import write_whole
from grader.errors import KitError
from grader.model import to_json
from grader.results.exports.gradescope import broken
from grader.run.autograder import SECRET
from tools.build import ROOT

TIMEOUT_S = 540
"""A minute less than Gradescope's default, so that its own end is never the first."""
_TEMPLATES = ROOT / "tools" / "templates" / "gradescope"
_KIT = ("grader", "exercises", "tests/hidden", "pyproject.toml", "README.md", "LICENSE", "NOTICE.md")
_TIME = (1980, 1, 1, 0, 0, 0)
_OPTIONS = re.compile(r"[\w./:=+ @-]*")
_EXAMPLES = """\
examples:
  python -m tools.gradescope --out build/autograder.zip
  python -m tools.gradescope --out build/autograder.zip --with-bonus --timeout-s 1140

Upload the zip under Configure Autograder. Give the container 3 GB of memory or more (its default of 0.75 GB cannot hold
the models), and 20 minutes where you can. The zip holds the hidden checks: keep it as you keep those.
"""


@command("gradescope")
def main(argv: Sequence[str] | None = None) -> int:
    """Writes the zip and returns 0; 2 when it cannot."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.gradescope",
        description="Build the autograder zip for Gradescope.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--out",
        type=file_to_write,
        default="build/autograder.zip",
        metavar="FILE",
        help="default: build/autograder.zip",
    )
    parser.add_argument("--with-bonus", action="store_true", help="bonus points count; a score may pass the maximum")
    parser.add_argument(
        "--allow-no-walls", action="store_true", help="grade even where no wall can stand; such a score could be forged"
    )
    parser.add_argument(
        "--timeout-s",
        type=int,
        default=TIMEOUT_S,
        metavar="S",
        help=f"seconds per submission, less than the container has (default {TIMEOUT_S})",
    )
    parser.add_argument(
        "--pip-options",
        default="",
        metavar="TEXT",
        help="for pip in the container, such as an index; write --pip-options=TEXT",
    )
    options = parser.parse_args(argv)
    flags = [f" --{name}" for name in ("with-bonus", "allow-no-walls") if getattr(options, name.replace("-", "_"))]
    content = autograder_zip(
        timeout_s=options.timeout_s,
        flags="".join(flags),
        pip_options=options.pip_options,
        secret=secrets.token_bytes(32),
    )
    write_whole(options.out, content)
    print(options.out)
    return 0


def autograder_zip(*, timeout_s: int, flags: str, pip_options: str, secret: bytes) -> bytes:
    """The bytes of the zip; the same for the same arguments and the same checkout.

    Args:
        timeout_s: seconds for a submission.
        flags: more options for `grader.run.autograder`, each with a blank before it.
        pip_options: more options for pip.
        secret: what the hidden inputs are drawn from: the same ones for the whole class.

    Raises:
        KitError: an option cannot stand in a script, or this is no instructor's checkout.
    """
    if timeout_s < 1:
        raise KitError(f"--timeout-s: expected seconds, 1 or more, got {timeout_s}")
    if not _OPTIONS.fullmatch(pip_options):
        raise KitError(f"--pip-options: {pip_options!r} has characters that mean something else to a shell")
    files = {f"kit/{path.relative_to(ROOT).as_posix()}": path.read_bytes() for path in _kit_files()}
    values = {
        "pip_options": pip_options,
        "timeout_s": str(timeout_s),
        "flags": flags,
        "unfinished": to_json(broken("it ran out of time or memory.")).decode().rstrip(),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("setup.sh", "run_autograder"):
            text = (_TEMPLATES / name).read_text(encoding="utf-8")
            archive.writestr(_entry(name, 0o755), _filled(text, values).encode())
        for name, content in sorted({**files, f"kit/{SECRET}": secret}.items()):
            archive.writestr(_entry(name, 0o644), content)
    return buffer.getvalue()


def _kit_files() -> list[Path]:
    found = []
    for part in _KIT:
        path = ROOT / part
        if not path.exists():
            raise KitError(f"{part}: not found; the zip is built in the instructor's checkout, which has it")
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        found += [one for one in inside if one.is_file() and "__pycache__" not in one.parts]
    return found


def _entry(name: str, mode: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _TIME)
    entry.create_system = 3  # Unix: the modes below count
    entry.external_attr = (0o100000 | mode) << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _filled(text: str, values: dict[str, str]) -> str:
    return re.sub(r"\{\{ (\w+) \}\}", lambda found: values[found[1]], text)


if __name__ == "__main__":
    sys.exit(main())
