"""Arrays on the trusted side."""

from typing import Any

import numpy as np


class BFloat16Array(np.ndarray[Any, np.dtype[np.float32]]):
    """Numbers that are bfloat16 on the student's side, and float32 here, since NumPy has no such type."""
