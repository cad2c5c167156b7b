"""A folder of laid-out models with seeded random weights, to prove that no verdict depends on the trained ones.

HF_HUB_CACHE="$(python -m tools.models.untrained)/hub" python -m tools.verify
"""

import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from grader.command_line.border import command
from grader.offline.cache import DATA, models_folder
from grader.offline.checkpoint import TRAINED


@command("untrained")
def main() -> int:
    """Prints the folder's name."""
    print(untrained_folder())
    return 0


def untrained_folder() -> Path:
    """The folder, built if it is not there yet."""
    with TemporaryDirectory() as place:
        data = Path(shutil.copytree(DATA, Path(place) / "data", ignore=shutil.ignore_patterns(TRAINED)))
        return models_folder(data)


if __name__ == "__main__":
    sys.exit(main())
