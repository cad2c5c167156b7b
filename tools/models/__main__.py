"""`python -m tools.models`: the vocabularies; `text`, `train`, `export` and `evaluate` beside it make the weights."""

import sys

from tools.models.vocabularies import main

sys.exit(main())
