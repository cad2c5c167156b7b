"""Prints what the red team tries, what of it is stopped, and by what.

python -m tests.red_team.table           grades the red team in every configuration that this system can play
python -m tests.red_team.table --plain   what the tests demand: the table in docs/security.md
"""

import sys
from collections import Counter
from collections.abc import Mapping

from tests.red_team.attacks import ALL, FAMILIES, UPLOADS, family_of
from tests.red_team.batch import CONFIGURATIONS, Batch, graded

Stopped = Mapping[str, Mapping[int, int]]
"""By configuration and family."""


def counts() -> Counter[int]:
    """How many attacks there are of each family, uploads among them."""
    found = Counter(attack.family for attack in ALL)
    for family, number in UPLOADS.values():
        found[family] += number
    return found


def table(stopped: Stopped | None) -> str:
    """The table in Markdown; without figures of a run, those that the tests demand."""
    names = [configuration.name for configuration in CONFIGURATIONS]
    lines = [
        "| | family | attacks | " + " | ".join(f"stopped: {name}" for name in names) + " | by |",
        "|---" * (len(names) + 4) + "|",
    ]
    totals = [sum(counts().values()), *(sum(_figures(c.name, stopped).values()) for c in CONFIGURATIONS)]
    for family, (what, by) in FAMILIES.items():
        figures = [str(_figures(name, stopped).get(family, "·")) for name in names]
        lines.append(f"| {family} | {what} | {counts()[family]} | " + " | ".join(figures) + f" | {by} |")
    lines.append("| | together | " + " | ".join(map(str, totals)) + " | |")
    return "\n".join(lines) + "\n"


def _figures(name: str, stopped: Stopped | None) -> Mapping[int, int]:
    if stopped is not None:
        return stopped.get(name, {})
    if name == CONFIGURATIONS[0].name:
        return counts()
    families = next(configuration.families for configuration in CONFIGURATIONS if configuration.name == name)
    cells = Counter(attack.family for attack in ALL if attack.family in families)
    return cells + Counter({14: 1})  # the one upload that goes along


def stopped_in(batch: Batch) -> Counter[int]:
    """How many attacks of a run won nothing, left nothing behind and said nothing."""
    text = "".join(path.read_text() for path in batch.out.rglob("*") if path.suffix in (".html", ".csv", ".json"))
    if batch.left or any(word in text for word in ("LEAK", "BREACH", "canary-")):
        return Counter()
    cells = {attack.id: attack for attack in ALL}
    lost = [
        a.family
        for id_, a in cells.items()
        if id_ in batch.results and batch.results[id_].exercises[a.exercise].score == 0
    ]
    return Counter([*lost, *(family_of(id_) for id_ in batch.uploads)])


def main() -> None:
    """Grades and prints."""
    if "--plain" in sys.argv:
        print(table(None), end="")
        return
    found = {}
    for configuration in CONFIGURATIONS:
        try:
            with graded(configuration) as batch:
                found[configuration.name] = stopped_in(batch)
        except OSError as error:
            print(f"{configuration.name}: not here ({error})", file=sys.stderr)
    print(table(found), end="")


if __name__ == "__main__":
    main()
