"""Tells notebooks of another edition of the course, whose exercises are not those that can be graded here."""

import re
from collections.abc import Sequence

from grader.intake.notebook import RawCell
from grader.intake.pieces import Course, Edition

ENOUGH_MARKS = 2


def other_edition(cells: Sequence[RawCell], course: Course) -> Edition | None:
    """The edition that a notebook is of, if it is another one than the kit's; None where that cannot be told."""
    ids = {cell.id for cell in cells if cell.id}
    own = {id_ for target in course.targets for id_ in (target.course_cell, target.kit_cell)}
    if ids & own or any(cell.exercise for cell in cells):
        return None
    code = "\n".join(cell.source for cell in cells if cell.kind == "code")
    for edition in course.other_editions:
        marks = sum(re.search(mark, code) is not None for mark in edition.marks)
        if ids & set(edition.cells) or marks >= ENOUGH_MARKS:
            return edition
    return None
