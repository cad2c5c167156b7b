"""pytest's way to answers outside of the kit: `pytest ~/Downloads/mine.ipynb`, typed in the kit's folder.

pytest looks for its settings where its arguments lie, and would not find those of the kit. The installed package has
this plugin as an entry point: it starts pytest in the kit, and does nothing where nobody's answers are meant.
"""

from pathlib import Path

import pytest

_INSTEAD = pytest.StashKey[list[str]]()
"""The command line that was meant."""


def pytest_load_initial_conftests(early_config: pytest.Config, args: list[str]) -> None:
    """Sets the command line aside where it names answers and pytest has not found the kit."""
    params = early_config.invocation_params
    instead = _meant(list(map(str, params.args)), params.dir, early_config.rootpath)
    if instead:
        early_config.stash[_INSTEAD] = instead
        args.clear()  # their options are those of the other plugin


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> int | None:
    """Runs the command line that was meant."""
    instead = config.stash.get(_INSTEAD, None)
    return pytest.main(instead) if instead else None


def _meant(arguments: list[str], here: Path, known: Path) -> list[str]:
    """The arguments with the answers as an option, which pytest takes for no place of tests; empty without answers."""
    from grader.project import kit_around
    from grader.student.suites import are_answers, one_at_a_time

    root = kit_around(here)
    if root is None or root == known:
        return []
    places = [
        place
        for option, place in zip(["", *arguments], arguments, strict=False)
        if not place.startswith("-")
        and (here / place).exists()
        and (option == "--answers" or are_answers(here / place))
        and not (here / place).resolve().is_relative_to(root)
    ]
    if len(places) > 1:
        raise pytest.UsageError(one_at_a_time(*places[:2]))
    kept = [argument for argument in arguments if argument not in ("--answers", *places)]
    return [*kept, *(f"--answers={(here / place).resolve()}" for place in places)] if places else []
