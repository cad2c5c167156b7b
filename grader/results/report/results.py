"""Writes and reads results.json, the whole run as data."""

from pathlib import Path

import msgspec

from grader.command_line.files import write_whole
from grader.errors import KitError
from grader.model import RunResult, Struct, to_json

FORMAT = 1


class _Format(Struct, frozen=True, kw_only=True):
    """What every version of the file has."""

    format_version: int


def write_results_json(out: Path, run: RunResult) -> None:
    """Writes `out/results.json`."""
    write_whole(out / "results.json", to_json(run))


def read_results_json(out: Path) -> RunResult:
    """The run that `out` holds.

    Raises:
        KitError: there is none, or it is not a file of this format.
    """
    path = out / "results.json"
    if path.exists() and not path.is_file():
        raise KitError(f"{path}: not an ordinary file; give the folder that `playground grade --out` wrote")
    try:
        content = path.read_bytes()
        found = msgspec.json.decode(content, type=_Format).format_version
        if found != FORMAT:
            raise KitError(
                f"{path}: format {found}, this kit reads {FORMAT}; use the kit that wrote it, or grade into "
                "another folder"
            )
        return msgspec.json.decode(content, type=RunResult)
    except FileNotFoundError:
        raise KitError(f"{path}: not found; give the folder that `playground grade --out` wrote") from None
    except OSError as error:
        raise KitError(f"{path}: cannot be read ({(error.strerror or 'unknown reason').lower()})") from error
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise KitError(f"{path}: not a results file of this kit ({error}); move it away and grade again") from error
