"""Writes docs/results.schema.json, the published JSON Schema of results.json, from the records in `grader.model`."""

import argparse
import sys
from collections.abc import Sequence

from grader.command_line.border import command
from grader.model import to_json
from grader.results.exports.schema import results_schema
from tools.build import ROOT, drift, write

NAME = "results.schema.json"
FOLDER = ROOT / "docs"
_EXAMPLES = """\
examples:
  python -m tools.schema          write docs/results.schema.json
  python -m tools.schema --check  write nothing; exit 1 and a diff if it is stale
"""


@command("schema")
def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command; returns 0, or 1 when --check found a difference."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.schema",
        description="Write the JSON Schema of results.json.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 and a diff if it is stale")
    options = parser.parse_args(argv)
    text = to_json(results_schema()).decode()
    if not options.check:
        write({NAME: text}, FOLDER)
        return 0
    path = FOLDER / NAME
    difference = drift({NAME: text}, {NAME: path.read_text(encoding="utf-8")} if path.is_file() else {})
    sys.stdout.write(difference)
    if difference:
        print(f"docs/{NAME} is out of step with grader/model.py; run `python -m tools.schema`", file=sys.stderr)
    return 1 if difference else 0


if __name__ == "__main__":
    sys.exit(main())
