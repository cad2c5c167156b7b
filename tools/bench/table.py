"""What was measured, as a table and as JSON."""

import importlib.metadata
import os
import platform
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.table import Table

from tools.bench.meter import Spent

_PACKAGES = ("torch", "transformers", "tokenizers", "tiktoken", "numpy", "pytest", "lm-playground")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One contender."""

    name: str
    title: str
    start: Spent
    """What a run takes before the first submission, once for all of them."""
    rounds: Sequence[Spent]
    """Each for `count` submissions, the start taken off."""
    count: int
    memory_mb: int
    """The most that all of its processes held together."""

    @property
    def wall_s(self) -> float:
        """Wall seconds for a submission, the median of the rounds."""
        return statistics.median(spent.wall_s for spent in self.rounds) / self.count

    @property
    def cpu_s(self) -> float:
        """Processor seconds for a submission, the median of the rounds."""
        return statistics.median(spent.cpu_s for spent in self.rounds) / self.count


def as_table(rows: Sequence[Row], *, base: Row) -> Table:
    """The rows, with how many times as much as `base` each takes."""
    table = Table("", title=f"for a submission, median of {len(base.rounds)} rounds of {base.count}")
    for name in ("wall s", "times", "CPU s", "times", "start CPU s", "peak MB"):
        table.add_column(name, justify="right")
    for row in rows:
        table.add_row(
            row.title,
            f"{row.wall_s:.2f}",
            f"{row.wall_s / base.wall_s:.1f}",
            f"{row.cpu_s:.2f}",
            f"{row.cpu_s / base.cpu_s:.1f}",
            f"{row.start.cpu_s:.1f}",
            f"{row.memory_mb:,}",
        )
    return table


def as_data(rows: Sequence[Row], *, base: Row, seed: int) -> dict[str, Any]:
    """The same for programs, with the machine and the versions."""
    contenders = {
        row.name: {
            "title": row.title,
            "wall_s": row.wall_s,
            "cpu_s": row.cpu_s,
            "peak_mb": row.memory_mb,
            "wall_ratio": row.wall_s / base.wall_s,
            "cpu_ratio": row.cpu_s / base.cpu_s,
            "start": {"wall_s": row.start.wall_s, "cpu_s": row.start.cpu_s},
            "rounds": [{"wall_s": spent.wall_s, "cpu_s": spent.cpu_s} for spent in row.rounds],
        }
        for row in rows
    }
    return {"count": base.count, "seed": seed, "base": base.name, "machine": machine(), "contenders": contenders}


def machine() -> dict[str, Any]:
    """What it ran on."""
    models = [line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")]
    memory = next((line.split()[1] for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), "0")
    versions = {name: importlib.metadata.version(name) for name in _PACKAGES}
    return {
        "processor": models[0] if models else platform.machine(),
        "cores": os.cpu_count(),
        "memory_mb": int(memory) >> 10,
        "kernel": platform.release(),
        "python": platform.python_version(),
        "load_at_end": round(os.getloadavg()[0], 2),
        "versions": versions,
    }


def others_versions(venv: Path) -> dict[str, str]:
    """The versions of the graders in that environment."""
    folders = [str(folder) for folder in (venv / "lib").glob("python3*/site-packages")]
    found = {dist.name.lower(): dist.version for dist in importlib.metadata.distributions(path=folders)}
    return {name: found[name] for name in ("nbgrader", "otter-grader") if name in found}


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []


def speed_up(rows: Mapping[str, Row]) -> float | None:
    """How many times as many submissions two workers of the kit grade as one does in the same time."""
    one, two = rows.get("kit"), rows.get("kit-2")
    return one.wall_s / two.wall_s if one and two else None
