"""The places of a results folder."""

import stat
from pathlib import Path, PurePosixPath

from grader.command_line.arguments import folder_to_write
from grader.command_line.files import check_place
from grader.errors import KitError

RESULTS = ("results.db", "secret.key", "results.json", "results.csv", "report.html")
"""The files of a results folder."""
STUDENTS = "students"


def results_to_write(text: str) -> Path:
    """The path of a folder for results, in which everything with the name of a result is an ordinary file.

    Raises:
        KitError: nothing can be written there, or a link, a FIFO or the like has such a name; the message says which.
    """
    out = folder_to_write(text)
    for name in RESULTS:
        check_place(out / name, out)
    students = out / STUDENTS
    check_place(students / "any" / "feedback.html", out)
    for folder in students.iterdir() if students.is_dir() else ():
        if not stat.S_ISREG(folder.lstat().st_mode):  # such as a note of the teacher's
            check_place(folder / "feedback.html", out)
    return out


def student_folder(out: Path, submission_id: str) -> Path:
    """The folder for one student's files: never outside of `out`, even when results.json was written by somebody else.

    Raises:
        KitError: the id is no file name.
    """
    name = PurePosixPath(submission_id)
    if submission_id in ("", ".", "..") or len(name.parts) != 1 or any(c in submission_id for c in "/\\\0"):
        raise KitError(f"results.json: {submission_id!r} cannot be a student's folder; grade again to get safe ids")
    return out / STUDENTS / submission_id
