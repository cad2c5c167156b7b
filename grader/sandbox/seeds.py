"""Pins every generator of random numbers on the student's side."""

import random
import sys


def seed_everything(number: int) -> None:
    """Seeds random, and numpy and torch where they are loaded."""
    random.seed(number)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(number % 2**32)
    if "torch" in sys.modules:
        torch = sys.modules["torch"]
        # `torch.manual_seed` notes for every kind of device where it was called from, in case there is one: 2 ms.
        has_others = torch.backends.cuda.is_built() or torch.backends.mps.is_built()
        (torch if has_others else torch.default_generator).manual_seed(number)
