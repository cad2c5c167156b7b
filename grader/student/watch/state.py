"""What `watch` knows at a moment: the answers as last read, the verdicts, what is shown. No terminal, no process."""

from dataclasses import dataclass, field
from pathlib import Path

from grader.errors import KitError
from grader.intake.local import read_here
from grader.model import Exercise
from grader.student.desk import Workspace, untouched
from grader.student.memory import Verdicts
from grader.student.progress import Progress
from grader.student.watch.warm import Answer, Question


@dataclass
class State:
    """The exercise in view and how all of them stand."""

    desk: Workspace
    path: Path
    """The answers that are watched: exercises/, or a notebook."""
    remembers: bool
    """Whether verdicts are worth remembering: those on exercises/ are, for `status` and the next time."""
    current: Exercise
    standings: dict[str, Progress | None]
    """By exercise, as far as known; while a changed one is checked, as it was before. None where nothing is known."""
    stale: set[str] = field(default_factory=set)
    """Exercises whose code was checked in another version, or never."""
    notes: tuple[str, ...] = ()
    problem: str = ""
    """Why there are no verdicts on the exercise in view."""
    hint: int = 0
    """Which hint is shown; 0 for none."""
    busy: bool = False
    seconds: float | None = None
    """How long the latest check took."""
    lists: bool = False
    """Whether all exercises are shown, to choose from."""
    number: int = 0
    """Of the latest question."""
    fingerprints: dict[int, str] = field(default_factory=dict)

    @classmethod
    def start(cls, desk: Workspace, path: Path, *, remembers: bool) -> "State":
        """The first view: the next exercise to do."""
        state = cls(desk=desk, path=path, remembers=remembers, current=desk.catalog.exercise[0], standings={})
        state.look_up()
        open_ones = [e for e in desk.catalog.exercise if not (one := state.standings[e.id]) or not one.is_done]
        state.current = next((e for e in open_ones if not e.bonus), next(iter(open_ones), state.current))
        return state

    def look_up(self) -> None:
        """What is known of each exercise without a check."""
        for exercise in self.desk.catalog.exercise:
            known: Progress | None = untouched(exercise)
            if self.desk.is_started(exercise):
                known = self.desk.known(exercise) if self.remembers else None
            if known is not None:
                self.standings[exercise.id] = known
                self.stale.discard(exercise.id)
                continue
            before = self.standings.get(exercise.id)
            if before is None or not before.is_started:
                self.standings[exercise.id] = None
            if self.remembers or self.standings[exercise.id] is None:
                self.stale.add(exercise.id)

    def read_again(self) -> list[Exercise]:
        """Reads the answers; returns the exercises whose own code is another now, in order."""
        before = {exercise.id: self._own(exercise) for exercise in self.desk.catalog.exercise}
        try:
            submission = read_here(self.path, self.desk.catalog)
        except KitError as error:
            self.problem = str(error)
            return []
        self.desk = Workspace(self.desk.root, self.desk.catalog, submission)
        changed = [e for e in self.desk.catalog.exercise if self._own(e) != before[e.id]]
        self.stale |= {exercise.id for exercise in changed}
        self.look_up()
        return changed

    def _own(self, exercise: Exercise) -> list[str]:
        return [cell.source for cell in self.desk.submission.cells if cell.exercise == exercise.id]

    def view(self, exercise: Exercise) -> None:
        """Turns to an exercise."""
        if exercise.id != self.current.id:
            self.hint, self.notes, self.problem, self.seconds = 0, (), "", None
        self.current, self.lists = exercise, False

    def question(self) -> Question | None:
        """The question to ask about the exercise in view; None where it is untouched."""
        self.problem, self.notes = "", ()
        if not self.desk.is_started(self.current):
            self.busy = False
            return None
        self.number += 1
        self.busy, cells = True, tuple(self.desk.cells(self.current))
        self.fingerprints = {self.number: self.desk.fingerprint(self.current)}
        attempted = tuple(sorted(self.desk.submission.attempted))
        return Question(number=self.number, exercise=self.current.id, cells=cells, attempted=attempted)

    def take(self, answer: Answer) -> bool:
        """Takes an answer in; returns whether it was to the latest question."""
        if answer.number == 0:
            self.problem = answer.problem or self.problem
            return bool(answer.problem)
        if answer.number != self.number:
            return False
        self.busy, self.problem, self.notes, self.seconds = False, answer.problem, answer.notes, answer.seconds
        exercise = self.desk.catalog.get(answer.exercise)
        if not answer.results:
            self.standings[exercise.id], self.seconds = None, None
            return True
        self.stale.discard(exercise.id)
        self.standings[exercise.id] = Progress(exercise=exercise, results=answer.results, total=len(answer.results))
        if self.remembers:
            known = Verdicts(fingerprint=self.fingerprints[answer.number], results=answer.results)
            self.desk.memory.keep_verdicts({exercise.id: known})
        return True

    def step(self, by: int) -> None:
        """Turns to a neighbour in the order of the notebook."""
        exercises = self.desk.catalog.exercise
        listed = self.lists
        self.view(exercises[(self._place() + by) % len(exercises)])
        self.lists = listed

    def to_next_open(self) -> None:
        """Turns to the next exercise that is not done; to the next one where all are."""
        exercises, place = self.desk.catalog.exercise, self._place()
        around = [*exercises[place + 1 :], *exercises[:place]]
        open_ones = [e for e in around if not (one := self.standings[e.id]) or not one.is_done]
        self.view(next(iter(open_ones or around)))

    def _place(self) -> int:
        return self.desk.catalog.ids.index(self.current.id)

    def found(self) -> list[str]:
        """How the answers were found: all that concerns the exercise in view, or the files as a whole."""
        return [*self.desk.submission.notes, *self.desk.found().get(self.current.id, ())]

    def next_hint(self) -> None:
        """Shows the hint that the ladder has come to, then one more each time."""
        total, seen = len(self.current.hints), self.desk.memory.hints_shown(self.current.id)
        self.hint = min(max(self.hint + 1, seen), total)
        self.desk.memory.keep_hints_shown(self.current.id, max(self.hint, seen))

    def progress(self) -> list[Progress]:
        """All exercises, in order; those of which nothing is known as such."""
        return [self.standings[e.id] or Progress(exercise=e) for e in self.desk.catalog.exercise]
