"""Writes and reads results.json, the whole run as data."""

from pathlib import Path

import msgspec

from grader.errors import KitError
from grader.model import RunResult, to_json
from grader.results.report.files import write_whole

FORMAT = 1


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
        run = msgspec.json.decode(path.read_bytes(), type=RunResult)
    except FileNotFoundError:
        raise KitError(f"{path}: not found; give the folder that `playground grade --out` wrote") from None
    except OSError as error:
        raise KitError(f"{path}: cannot be read ({(error.strerror or 'unknown reason').lower()})") from error
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise KitError(f"{path}: not a results file of this kit ({error}); grade again to write a new one") from error
    if run.format_version != FORMAT:
        raise KitError(
            f"{path}: format {run.format_version}, this kit reads {FORMAT}; grade again, or use the other kit"
        )
    return run
