"""Composes a class of any size from the bank of answers, and says what each submission must get."""

import io
import random
import zipfile
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from pathlib import Path

from grader.catalog import Catalog
from tools.build import Course, read_course
from tools.course_notebook import course_notebook
from tools.disturb.notebooks import BROKEN, SPELLINGS, as_file, disordered
from tools.verify.claims import Claim, read_bank

FIELD = (
    ("marker_left_standing", "scratch_on_top", "stale_outputs"),
    ("imports_first", "widgets_without_state"),
    ("ids_lost", "own_headings"),
    ("ids_lost", "with a byte order mark"),
    ("ids_doubled", "stale_outputs"),
    ("ids_of_colab", "magics"),
    ("ids_of_colab", "widgets_without_state", "with a trailing comma"),
    ("worksheets",),
    ("scratch_on_top", "worksheets", "with Windows line ends"),
    ("sources_as_text", "stale_outputs"),
    ("windows_line_ends", "magics"),
    ("headings_gone", "stale_outputs"),
    ("headings_gone", "imports_first", "in UTF-16"),
    ("split_in_two", "marker_left_standing"),
    ("split_in_two", "ids_of_colab"),
    ("demos_deleted", "empty_cells"),
    ("first_attempt_kept", "empty_cells"),
    ("own_headings", "first_attempt_kept", "as JSON in one line"),
    ("demos_deleted", "ids_lost", "magics"),
    ("scratch_on_top", "imports_first", "widgets_without_state", "with a trailing comma"),
)
"""What happened to each of twenty notebooks of the course."""
_FORMS = ("modules", "zip", "notebook", "notebook", "course", "course", "disorder", "disorder")
_SLOW = frozenset({"5.1", "4.1"})
"""Exercises that a large class answers rarely."""
_BROKEN_EVERY = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One submission of a composed class."""

    name: str
    files: Mapping[str, bytes]
    """Content by path below the class folder."""
    expected: Mapping[str, bool] = field(default_factory=dict)
    """By exercise: whether its answer is right. What is not here was not attempted."""
    unclear: frozenset[str] = frozenset()
    """Exercises of which nobody could say whether they were tried, see `_unclear`."""
    is_broken: bool = False
    """Whether nobody could read it."""
    story: str = ""


class Composer:
    """Draws answers from the bank."""

    def __init__(self, catalog: Catalog, bank: Sequence[Claim], course: Course) -> None:
        self._catalog, self._course = catalog, course
        self._bank: dict[str, list[Claim]] = {}
        for claim in bank:
            self._bank.setdefault(claim.exercise, []).append(claim)

    def field_notebooks(self, seed: int = 0) -> Iterator[Member]:
        """Twenty notebooks of the course with an answer to each of its exercises, in the disorder of real ones."""
        regular = [exercise.id for exercise in self._catalog.exercise if exercise.course_cell]
        for number, disorder in enumerate(FIELD, 1):
            rng = random.Random(f"{seed} {number}")
            chosen = {exercise_id: rng.choice(self._bank[exercise_id]) for exercise_id in regular}
            yield self._course_member(f"field_{number:02}", chosen, disorder)

    def members(self, count: int, seed: int = 0) -> Iterator[Member]:
        """So many submissions in every form, with one to three answers each; every 25th cannot be read."""
        for number in range(1, count + 1):
            rng = random.Random(f"{seed} {number}")
            name, form = f"s{number:05}", rng.choice(_FORMS)
            chosen = self._some(rng)
            if number % _BROKEN_EVERY == 0:
                spelling = rng.choice(list(BROKEN))
                content = as_file(course_notebook(_sources(chosen), self._course), spelling)
                yield Member(name=name, files={f"{name}.ipynb": content}, is_broken=True, story=spelling)
            elif form in ("modules", "zip"):
                yield self._module_member(name, chosen, zipped=form == "zip")
            else:
                yield self._course_member(name, chosen, rng.choice(FIELD) if form == "disorder" else ())

    def _some(self, rng: random.Random) -> dict[str, Claim]:
        ids = [e for e in self._catalog.ids if e not in _SLOW or rng.random() < 0.1]
        chosen = sorted(rng.sample(ids, rng.randint(1, 3)), key=ids.index)
        return {exercise_id: rng.choice(self._bank[exercise_id]) for exercise_id in chosen}

    def _course_member(self, name: str, chosen: Mapping[str, Claim], disorder: Sequence[str]) -> Member:
        spelling = next((word for word in disorder if word in SPELLINGS), "")
        changes = [word for word in disorder if word != spelling]
        notebook = disordered(course_notebook(_sources(chosen), self._course), *changes)
        files = {f"{name}.ipynb": as_file(notebook, spelling)}
        return Member(
            name=name,
            files=files,
            expected=_expected(chosen),
            unclear=_unclear(chosen.keys(), disorder),
            story=f"course notebook {' '.join(disorder)}",
        )

    def _module_member(self, name: str, chosen: Mapping[str, Claim], *, zipped: bool) -> Member:
        files = {
            f"exercises/{self._catalog.get(exercise_id).file}": source.encode()
            for exercise_id, source in _sources(chosen).items()
        }
        if not zipped:
            files = {f"{name}/{path}": content for path, content in files.items()}
            return Member(name=name, files=files, expected=_expected(chosen), story="modules")
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for path, content in files.items():
                archive.writestr(zipfile.ZipInfo(path), content)  # of 1980: the same class is the same bytes
        return Member(name=name, files={f"{name}.zip": buffer.getvalue()}, expected=_expected(chosen), story="zip")


def composer(root: Path, catalog: Catalog) -> Composer:
    """A composer with the bank of this checkout."""
    return Composer(catalog, read_bank(root / "tests" / "answers", catalog), read_course(root))


def write(members: Sequence[Member], folder: Path) -> None:
    """Writes the files of a class."""
    for member in members:
        for name, content in member.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def _sources(chosen: Mapping[str, Claim]) -> dict[str, str]:
    """The answers without the lines in which they say whether they are right."""
    marks = ("# accept:", "# reject:", "# says:")
    return {
        exercise_id: "\n".join(line for line in claim.source.splitlines() if not line.startswith(marks)).strip("\n")
        for exercise_id, claim in chosen.items()
    }


def _expected(chosen: Mapping[str, Claim]) -> dict[str, bool]:
    return {exercise_id: claim.is_right for exercise_id, claim in chosen.items()}


def _unclear(chosen: Set[str], disorder: Sequence[str]) -> frozenset[str]:
    """What a person could not tell either.

    An answer of 2.2b may load the model that 2.2a asks for. The course has no cells for the bonus exercises: pieces of
    one stand in the section of the exercise before, and without headings only prose would tell two `generate` apart.
    """
    found = {"2.2a", "2.2b"} - chosen if chosen & {"2.2a", "2.2b"} else set[str]()
    if "bpe" in chosen and {"split_in_two", "first_attempt_kept"} & set(disorder):
        found |= {"1.4"} - chosen
    if "3.3" in chosen and "3.1" not in chosen and "headings_gone" in disorder:
        found |= {"3.1", "3.3"}
    return frozenset(found)
