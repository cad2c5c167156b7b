"""The floor: submissions one after another in one warm process, checks as plain calls, models out of memory.

    python -m tools.bench.floor FOLDER [--load]

Prints what the start and the submissions took, as JSON. Nothing protects anybody here.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from grader.command_line.arguments import folder_to_read
from grader.command_line.border import command
from grader.errors import KitError
from grader.offline import use_offline_models
from grader.sandbox.threads import work_on_one_thread
from tools.bench.plain import Plain, check_student
from tools.bench.submissions import read_cells


@command("floor")
def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench.floor")
    parser.add_argument("folder", type=folder_to_read)
    parser.add_argument("--load", action="store_true", help="let every from_pretrained load")
    options = parser.parse_args(argv)
    files = sorted(options.folder.glob("*.json"))
    if not files:
        raise KitError(f"{options.folder}: no *.json file; name a folder of submissions as tools.bench writes them")
    use_offline_models()
    work_on_one_thread()
    if not options.load:
        _answer_from_memory()
    _grade(files[0])  # what is loaded and computed once is there from now on
    warm = time.perf_counter(), time.process_time()
    for file in files:
        _grade(file)
    wall_s, cpu_s = time.perf_counter() - warm[0], time.process_time() - warm[1]
    print(json.dumps({"start_cpu_s": warm[1], "wall_s": wall_s, "cpu_s": cpu_s, "count": len(files)}))
    return 0


def _grade(file: Path) -> None:
    import ipywidgets

    cells, plain = read_cells(file), Plain()
    for exercise_id, source in cells.items():
        check_student(plain.run(source, exercise_id), file.stem)
    ipywidgets.Widget.close_all()  # its registry would keep every submission's models alive


def _answer_from_memory() -> None:
    """Makes each `from_pretrained` give the same object for the same call."""
    import transformers
    from transformers import AutoModelForCausalLM, AutoTokenizer, PreTrainedModel, PreTrainedTokenizerBase

    known: dict[str, Any] = {}

    def remembering(kind: Any) -> None:
        load = kind.from_pretrained.__func__

        def from_pretrained(cls: Any, *inputs: Any, **options: Any) -> Any:
            call = f"{cls.__name__} {inputs} {sorted(options.items(), key=lambda item: item[0])}"
            if call not in known:
                known[call] = load(cls, *inputs, **options)
            return known[call]

        kind.from_pretrained = classmethod(from_pretrained)

    for kind in (AutoModelForCausalLM, AutoTokenizer, PreTrainedModel, PreTrainedTokenizerBase):
        remembering(kind)
    transformers.logging.set_verbosity_error()


if __name__ == "__main__":
    sys.exit(main())
