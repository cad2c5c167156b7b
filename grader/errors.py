"""The errors that people meet, one branch per person who can mend them.

    KitError
    ├── CatalogError   the author: catalogue, suite or stub is wrong
    ├── IntakeError    the upload: it cannot be read as a submission
    └── SandboxError   the operator: this system cannot run a submission as asked

A wrong answer is none of these. It is a verdict.
"""


class KitError(Exception):
    """Something that a person must mend; the message says what, where and what to do."""


class CatalogError(KitError):
    """The catalogue, a suite or a stub contradicts itself."""


class IntakeError(KitError):
    """An upload cannot be read as a submission."""


class SandboxError(KitError):
    """The student process cannot be started or kept behind its walls."""
