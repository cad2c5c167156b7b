"""The processes of a submission, without any: how long a search for one that still forks may last."""

import pytest

from grader.model import Status
from grader.protocol.student import LostError
from grader.wall.process import NoRoomError
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


class Copy:
    """A process of a machine that has room for so many; one that has run student code may claim that there is less."""

    def __init__(self, machine, *, claims=False):
        self.pid, self.watch, self.machine, self.claims = 0, None, machine, claims
        machine.append(self)

    def resume(self):
        """Nothing stands still here."""

    def pause(self):
        """Likewise."""

    def is_alive(self):
        """Whether it is there."""
        return self in self.machine

    def kill(self):
        """Makes room."""
        if self in self.machine:
            self.machine.remove(self)

    def fork(self, _):
        """Another one."""
        if self.claims or len(self.machine) == self.machine.room:
            raise NoRoomError(Status.CRASHED, "no room")
        return Copy(self.machine)


class Machine(list):
    """Has room for so many; its first process is of a server."""

    room = 4

    def spawn(self):
        """The first one."""
        return Copy(self)


@pytest.mark.parametrize("kept", [1, 2, 3])
def test_a_machine_without_room_is_our_fault_and_costs_no_state(kept):
    machine = Machine()
    family = ProcessTree(machine)
    for _ in range(kept):
        machine.room = 9
        family.keep(family.fork(family.first, 1), 1)
        family.kill_temporary()
    machine.room = 4
    with pytest.raises(LostError) as caught:
        for _ in range(4):
            family.fork_newest(lambda: 1.0)
    assert caught.value.status is Status.KIT_ERROR
    assert len(machine) == 1 + kept


def test_a_state_that_claims_that_there_is_no_room_is_passed_over():
    family = ProcessTree(Machine())
    family.keep(family.fork(family.first, 1), 1).claims = True
    family.kill_temporary()
    newest, _ = family.fork_newest(lambda: 1.0)
    assert newest is family.first
