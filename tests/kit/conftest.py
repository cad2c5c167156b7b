"""What holds for all tests of the kit."""

from hypothesis import settings

from grader.run.judge import reach_oracles
from tests.students import ROOT

# Machines are shared and noisy: how long an example takes says nothing.
settings.register_profile("kit", deadline=None)
settings.load_profile("kit")

reach_oracles(ROOT / "tests" / "hidden")


def pytest_configure(config):
    """The hidden suites' markers: a test of the benchmark imports these suites into its own process."""
    for marker in ("exercise(id)", "points(n)", "needs(check)"):
        config.addinivalue_line("markers", marker)
