"""The processes of a submission, without any: how long a search for one that still forks may last."""

import pytest

from grader.model import Status
from grader.protocol.student import LostError
from grader.wall.process_tree import ProcessTree


class Stubborn:
    """A process that refuses to fork once it is kept."""

    def __init__(self, tries):
        self.pid, self.watch, self._tries = 0, None, tries
        self.forks = True

    def resume(self):
        """Nothing stands still here."""

    def pause(self):
        """It was kept."""
        self.forks = False

    def kill(self):
        """It is gone."""

    def fork(self, timeout_s):
        """Another one like it, or an error that costs the whole limit."""
        self._tries.append(timeout_s)
        if not self.forks:
            raise LostError(Status.TIMED_OUT, "no fork came")
        return Stubborn(self._tries)


class Server:
    """Hands out the first process."""

    def __init__(self, tries):
        self._tries = tries

    def spawn(self):
        """The first process; it always forks."""
        return Stubborn(self._tries)


@pytest.fixture
def tries():
    return []


@pytest.fixture
def family(tries):
    """The first process and three kept ones that refuse."""
    family = ProcessTree(Server(tries))
    for _ in range(3):
        family.keep(family.fork(family.first, 1.0), 1.0)
    tries.clear()
    return family


def test_one_that_refuses_is_passed_over(family, tries):
    newest, child = family.fork_newest(lambda: 7.0)
    assert newest is family.first
    assert child.forks
    assert tries == [7.0] * 4


def test_no_further_one_is_tried_when_time_is_up(family, tries):
    left = iter([7.0])

    def time_for():
        for seconds in left:
            return seconds
        raise LostError(Status.TIMED_OUT, "time is up")

    with pytest.raises(LostError, match="time is up"):
        family.fork_newest(time_for)
    assert tries == [7.0]
