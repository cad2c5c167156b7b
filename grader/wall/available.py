"""Finds out which walls stand on this system, by trying them, and whether they are enough."""

import os
import subprocess
from collections.abc import Collection, Mapping
from pathlib import Path

import msgspec

from grader.errors import SandboxError
from grader.model import Struct
from grader.wall.bubblewrap import (
    ALL_WALLS,
    MEMORY_WATCH,
    NAMESPACES,
    NOBODY,
    OUTER_WALL,
    OWN_USER,
    SCRATCH_MB,
    STAND_INS,
    server_command,
    view,
)

_TRIED = (NAMESPACES, *STAND_INS, "limits", "landlock", "seccomp")
_TIMEOUT_S = 60


class AvailableWalls(Struct, frozen=True, kw_only=True):
    """The walls of a run."""

    walls: tuple[str, ...]
    missing: Mapping[str, str] = msgspec.field(default_factory=dict)
    """Walls that cannot stand here, and what is in the way."""


def find_walls(models: Path) -> AvailableWalls:
    """The most walls that stand on this system.

    Raises:
        SandboxError: they would not keep a submission from forging a score.
    """
    reasons: dict[str, str] = {}
    for outer in ((OUTER_WALL,), ()):
        tried = _try(models, outer)
        walls = _chosen((*outer, *(wall for wall, reason in tried.items() if not reason)))
        reasons = {wall: reason for wall, reason in tried.items() if reason} | reasons
        if are_enough(walls):
            return AvailableWalls(walls=walls, missing={w: reasons.get(w, "") for w in ALL_WALLS if w not in walls})
    raise SandboxError(
        f"submissions cannot be walled in on this system ({_listed(reasons)}). docs/security.md says what is needed; "
        "pass --no-sandbox if you trust every submission, such scores are marked unproven."
    )


def are_enough(walls: Collection[str]) -> bool:
    """Whether a submission behind these can neither see what it must not see nor reach another process."""
    hides_files = OUTER_WALL in walls or "landlock" in walls
    parts_processes = NAMESPACES in walls or (("landlock" in walls) and bool(set(STAND_INS) & set(walls)))
    return hides_files and parts_processes and {"limits", "seccomp"} <= set(walls)


def can_run_in_parallel(walls: Collection[str]) -> bool:
    """Whether submissions have limits of their own, so that several may run side by side."""
    return NAMESPACES in walls or OWN_USER in walls or not walls


def _chosen(standing: Collection[str]) -> tuple[str, ...]:
    """The walls to raise out of those that can stand: stand-ins only where they are needed."""
    left_out = STAND_INS if NAMESPACES in standing else ()
    if os.getuid() == 0 and OWN_USER not in standing:  # a scope alone leaves root's code without a limit of processes
        left_out = STAND_INS
    order = (OUTER_WALL, NAMESPACES, *STAND_INS, "limits", "landlock", "seccomp")
    return (*(wall for wall in order if wall in standing and wall not in left_out), MEMORY_WATCH)


def _try(models: Path, outer: tuple[str, ...]) -> Mapping[str, str]:
    """What is in the way of each wall behind this outer one; the outer one itself when nothing starts behind it."""
    try:
        command, environment = server_command(models, outer, "trial")
        seen = view(models, outer, "/")
    except SandboxError as error:
        return {OUTER_WALL if outer else "landlock": str(error)}
    limits = {"memory_mb": 0, "processes": 48, "scratch_mb": SCRATCH_MB}
    settings = {"walls": _TRIED, "uid": NOBODY, "view": msgspec.to_builtins(seen), **limits}
    done = subprocess.run(
        [*command, msgspec.json.encode(settings).decode()],
        env=environment,
        capture_output=True,
        check=False,
        stdin=subprocess.DEVNULL,
        timeout=_TIMEOUT_S,
    )
    try:
        return msgspec.json.decode(done.stdout, type=dict[str, str])
    except msgspec.DecodeError:
        words = done.stderr.decode(errors="replace").strip().splitlines()
        reason = words[-1].removeprefix("bwrap: ").partition(", ")[0][:120] if words else "said nothing"
        return {OUTER_WALL if outer else "landlock": reason}


def _listed(reasons: Mapping[str, str]) -> str:
    return "; ".join(f"{wall}: {reason}" for wall, reason in reasons.items())
