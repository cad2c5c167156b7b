"""Looks every installed package up in a list of known vulnerabilities, by pip-audit. Needs the network.

    python -m tools.audit

Exit code 0: each package was looked up and none is known to be vulnerable. 1: one is. 2: the list could not be asked,
for all packages or for some, which are named; pip-audit alone would call that a success.
"""

import json
import subprocess
import sys
import tempfile
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from grader.command_line.border import command

OK, VULNERABLE, UNKNOWN = 0, 1, 2
OURS = "lm-playground"
SHOWN = 8


@command("audit")
def main() -> int:
    """Prints what was found and returns the exit code."""
    packages = installed()
    report, problem = audit(packages)
    if report is None:
        print(
            f"audit: the list of vulnerabilities cannot be asked ({problem}); nothing is known about these "
            f"{len(packages)} packages. Try again where its service can be reached.",
            file=sys.stderr,
        )
        return UNKNOWN
    code, lines = verdict(report, packages)
    print("\n".join(lines), file=sys.stderr if code else sys.stdout)
    return code


def installed() -> dict[str, str]:
    """Name and public version of every package beside our own; `2.13.0+cpu` is looked up as `2.13.0`."""
    found = {d.name.lower().replace("_", "-"): d.version.partition("+")[0] for d in distributions() if d.name}
    return {name: version for name, version in sorted(found.items()) if name != OURS}


def audit(packages: dict[str, str]) -> tuple[dict[str, Any] | None, str]:
    """What pip-audit says about these versions, as it writes it; or None, and why there is nothing."""
    with tempfile.TemporaryDirectory() as folder:
        wanted, report = Path(folder) / "requirements.txt", Path(folder) / "report.json"
        wanted.write_text("".join(f"{name}=={version}\n" for name, version in packages.items()), encoding="utf-8")
        command = [
            sys.executable,
            "-m",
            "pip_audit",
            "--requirement",
            str(wanted),
            "--no-deps",
            "--disable-pip",
            "--format",
            "json",
            "--output",
            str(report),
            "--progress-spinner",
            "off",
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        try:
            return json.loads(report.read_text(encoding="utf-8")), ""
        except (OSError, ValueError):
            return None, (done.stderr.strip().splitlines() or [f"pip-audit ended with {done.returncode}"])[-1][:300]


def verdict(report: dict[str, Any], packages: dict[str, str]) -> tuple[int, list[str]]:
    """The exit code, and lines that say why.

    Args:
        report: what pip-audit wrote.
        packages: what it was asked about.
    """
    found = {entry["name"].lower().replace("_", "-"): entry for entry in report["dependencies"]}
    unknown = [name for name in packages if "vulns" not in found.get(name, {})]
    lines = [
        f"{name} {packages[name]}: {flaw['id']}, {_mended(flaw)}"
        for name in packages
        for flaw in found.get(name, {}).get("vulns", ())
    ]
    code = VULNERABLE if lines else UNKNOWN if unknown else OK
    if unknown:
        more = f" and {len(unknown) - SHOWN} more" if len(unknown) > SHOWN else ""
        lines.append(
            f"audit: {len(unknown)} of {len(packages)} packages could not be looked up, so nothing is known "
            f"about them: {', '.join(unknown[:SHOWN])}{more}"
        )
    return code, lines or [f"audit: {len(packages)} packages, none with a known vulnerability"]


def _mended(flaw: dict[str, Any]) -> str:
    versions = flaw.get("fix_versions") or ()
    return f"mended in {', '.join(versions)}" if versions else "not mended yet"


if __name__ == "__main__":
    sys.exit(main())
