"""How the suites are run inside of our own processes: pytest says nothing, writes nothing, and reads no settings."""

import os

QUIET = [
    "--import-mode=importlib",
    "--assert=plain",
    "-c",
    os.devnull,
    *(
        word
        for name in (
            "terminal",
            "capture",
            "cacheprovider",
            "doctest",
            "unittest",
            "junitxml",
            "logging",
            "faulthandler",
            "warnings",
            "stepwise",
            "pastebin",
            "unraisableexception",
            "threadexception",
        )
        for word in ("-p", f"no:{name}")
    ),
]
"""Arguments for `pytest.main`."""
