"""`python -m tools.record`: asks the models what hidden checks want to know in every run, and keeps the answers."""

import argparse
import sys
from collections.abc import Sequence
from typing import Any

from grader.command_line.border import command
from grader.run.judge import reach_oracles
from tools.build import ROOT


@command("record")
def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command; 1 when --check found that the answers are not those to today's questions."""
    parser = argparse.ArgumentParser(prog="python -m tools.record", description=__doc__.partition(":")[2].strip())
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 if the questions or the models changed"
    )
    options = parser.parse_args(argv)
    reach_oracles(ROOT / "tests" / "hidden")
    from oracles import recorded, reference

    if options.check:
        missing = recorded.kept().answer(*_first_question()) is None
        if missing:
            print(f"{recorded.FILE.name} is not in step with the models or the prompts; run python -m tools.record")
        return int(missing)
    record, asked = recorded.Record(), reference.models

    def noting(question: str, *args: object) -> Any:
        value = asked(question, *args)
        record.add(question, args, value)
        return value

    recorded.kept.cache_clear()
    vars(reference).update(kept=recorded.Record, models=noting)  # nothing is kept while it is made anew
    _ask_all()
    record.write()
    print(f"{recorded.FILE}: {len(record.entries)} entries, {recorded.FILE.stat().st_size >> 10} KB")
    return 0


def _ask_all() -> None:
    """Asks what every run of the hidden suites asks."""
    from oracles import prompts

    prompts.pool()
    prompts._steep_pool()
    prompts._beam_pool(6, 4)


def _first_question() -> tuple[str, tuple[object, ...]]:
    """The study of the pool of prompts."""
    from oracles import prompts, studied
    from oracles.reference import encoding, ids_of

    rows = [ids_of("gpt2", text) for text in prompts._different(prompts.a_prompt, prompts.POOL_SIZE)]
    return "greedy_paths", (rows, prompts.STEPS, studied.BEST, encoding("gpt2").eot_token, "gpt2_model")


if __name__ == "__main__":
    sys.exit(main())
