"""Every report and export of a small fixed class is, to the letter, what somebody has looked at."""

from tests.kit.goldens import FOLDER, goldens
from tools.build import drift

HOW = "look at the difference; when it is meant, run `python -m tests.kit.goldens` and commit what it wrote"


def test_reports_are_those_that_were_looked_at() -> None:
    found = {
        path.relative_to(FOLDER).as_posix(): path.read_bytes().decode() for path in FOLDER.rglob("*") if path.is_file()
    }
    assert found, f"no goldens; {HOW}"
    made = goldens()
    assert not drift(made, found), f"{drift(made, found)}\n{HOW}"


def test_goldens_hold_no_sign_that_something_obeys() -> None:
    for name, text in goldens().items():
        assert not set(text) & {"\x1b", "\u202e"} or name in ("json/results.json", "rescored.json"), name
        assert "<b>=1" not in text or name.endswith((".json", ".txt", ".csv")), name
