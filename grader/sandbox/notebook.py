"""Runs cells one after another in one namespace, as a notebook does, and remembers what each printed."""

import ast
import asyncio
import errno
import inspect
import io
import sys
import types
from collections import deque
from collections.abc import Callable, Collection, Coroutine, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from msgspec import structs

from grader.intake.text import parsed
from grader.protocol.messages import Trouble
from grader.sandbox.elsewhere import Absent, Shell, adapted, is_missing_here, uses_absent
from grader.sandbox.givens import names_bound, replace_givens, share_names_of_main

_CUT = "\n… (more was printed here than is kept)\n"


class CappedText(io.TextIOBase):
    """A text stream that keeps the first and the last half of `limit` characters."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._half = limit // 2
        self._start, self._start_size = list[str](), 0
        self._end, self._end_size = deque[str](), 0
        self._written = 0

    def writable(self) -> bool:
        """True: it is there to be written to."""
        return True

    def write(self, text: str, /) -> int:
        """Keeps it, and drops what is neither near the start nor near the end any more."""
        self._written += len(text)
        first = text[: self._half - self._start_size]
        if first:
            self._start.append(first)
            self._start_size += len(first)
        rest = text[len(first) :][-self._half :]
        if rest:
            self._end.append(rest)
            self._end_size += len(rest)
            while self._end_size - len(self._end[0]) >= self._half:
                self._end_size -= len(self._end.popleft())
        return len(text)

    def text(self) -> str:
        """What was kept."""
        cut = _CUT if self._written > 2 * self._half else ""
        return "".join(self._start) + cut + "".join(self._end)[-self._half :]


class Notebook:
    """One namespace and the cells that ran in it."""

    def __init__(self, output_limit: int = 256 << 10, *, explains: bool = False) -> None:
        self.module = types.ModuleType("__main__")
        self.namespace: dict[str, Any] = self.module.__dict__
        self.output_limit, self.explains = output_limit, explains
        self.output = ""
        self.displayed: list[object] = []
        self.trouble: Trouble | None = None
        self.passed_over: list[Trouble] = []
        """Of the latest cell: the statements that failed for what this machine lacks, and why."""
        self.wanted: Collection[str] = ()
        """The names that the exercise's cells are to define."""
        self._sources: dict[str, str] = {}
        self._provide()
        self.provided = set(self.namespace)
        self.own: list[str] = []
        """The names that the latest exercise's cells bound anew."""

    def _provide(self) -> None:
        """What a notebook has without an import."""
        self.namespace["display"] = self._display
        self.namespace["__show__"] = self._show
        self.namespace["get_ipython"] = lambda: Shell(self._run_inside)

    def _run_inside(self, source: str) -> None:
        """Runs code that a cell hands to the shell."""
        self._execute(parsed(source), "<cell>")

    def items(self) -> list[tuple[str, Any]]:
        """The names and their values, without those that stand for something absent."""
        return [(name, value) for name, value in list(self.namespace.items()) if type(value) is not Absent]

    def copy(self) -> "Notebook":
        """A notebook with the same names bound to the same objects."""
        twin = Notebook(self.output_limit, explains=self.explains)
        twin.namespace.update(self.namespace)
        twin._provide()
        twin._sources.update(self._sources)
        twin.provided, twin.own = set(self.provided), list(self.own)
        return twin

    def run(self, source: str, where: str, givens: Mapping[str, object] | None = None) -> Trouble | None:
        """Runs a cell; its output is kept in `output`, what went wrong is returned.

        Args:
            source: the cell's text.
            where: its name in messages, such as `1.1`.
            givens: values for names: the first top-level assignment of a name takes the value; a name which the
                cell does not assign is defined before the cell runs.
        """
        self.output, self.displayed, self.trouble, self.passed_over = "", [], None, []
        stream = CappedText(self.output_limit)
        with self._streams(stream), self._display_hooks(source):
            self.trouble = self._guard(lambda: self._run(source, f"<{where}>", dict(givens or {})))
        self.output = stream.text()
        return self.trouble

    def call(self, action: Callable[[], object]) -> tuple[object, Trouble | None, str]:
        """The action's value, what went wrong, and what was printed meanwhile."""
        stream = CappedText(self.output_limit)
        box: list[object] = []
        with self._streams(stream):
            trouble = self._guard(lambda: box.append(action()))
        return (box[0] if box else None), trouble, stream.text()

    def line_of(self, trouble: Trouble) -> str:
        """The source line that a trouble points to, from the text that was run."""
        lines = self._sources.get(f"<{trouble.where}>", "").splitlines()
        return lines[trouble.line - 1].strip() if trouble.line and trouble.line <= len(lines) else ""

    def _run(self, source: str, filename: str, givens: dict[str, object]) -> None:
        self._sources[filename] = source
        tree = adapted(parsed(source, filename), has_device=_has_device())
        share_names_of_main(tree, {*self.wanted, *givens})
        if givens:
            tree, assigned = replace_givens(tree, givens)
            self.namespace.update({name: value for name, value in givens.items() if name not in assigned})
            self.namespace["__givens__"] = givens
        last = tree.body[-1] if tree.body else None
        if isinstance(last, ast.Expr) and not source.rstrip().endswith(";"):
            shown = ast.Call(ast.Name("__show__", ast.Load()), [last.value], [])
            last.value = ast.fix_missing_locations(ast.copy_location(shown, last.value))
        self._run_statements(tree.body, filename)

    def _run_statements(self, body: list[ast.stmt], filename: str) -> None:
        """Runs them at one go; where one fails for what this machine lacks, the next one goes on."""
        while body:
            try:
                return self._execute(ast.Module(body=body, type_ignores=[]), filename)
            except Exception as error:
                place = _place_of(error, body, filename)
                if place is None or not (is_missing_here(error) or uses_absent(body[place], self.namespace)):
                    raise
                self._pass_over(body[place], error)
                body = body[place + 1 :]
        return None

    def _pass_over(self, statement: ast.stmt, error: Exception) -> None:
        names = names_bound(statement)
        self.namespace.update(dict.fromkeys(names, Absent(error)))
        self.passed_over.append(trouble_of(error, set(self._sources)))

    def _execute(self, tree: ast.Module, filename: str) -> None:
        code = compile(tree, filename, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        awaited = eval(code, self.namespace)  # noqa: S307 - running the cell is the job
        if code.co_flags & inspect.CO_COROUTINE:
            _run_to_its_end(awaited)

    def _show(self, value: object) -> None:
        """What a notebook does with the value of a cell's last line."""
        if value is not None:
            self._display(value)

    def _display(self, *values: object, **_: object) -> None:
        """What `display` does without a browser: keep the objects, print their text."""
        for value in values:
            self.displayed.append(value)
            print(getattr(value, "data", None) if type(value).__name__ in ("Markdown", "HTML") else value)

    @contextmanager
    def _streams(self, stream: CappedText) -> Iterator[None]:
        before = sys.stdout, sys.stderr
        sys.stdout = sys.stderr = stream
        try:
            yield
        finally:
            sys.stdout, sys.stderr = before

    @contextmanager
    def _display_hooks(self, source: str) -> Iterator[None]:
        """While a cell runs, what IPython's `display` is given is kept, too. Imports IPython for cells that do."""
        if "IPython" not in source and "ipywidgets" not in source:
            yield
            return
        import IPython.core.display_functions as core
        import IPython.display as public

        # ipywidgets' `interact` has taken IPython's own `display` along.
        places = [core, public, *filter(None, [sys.modules.get("ipywidgets.widgets.interaction")])]
        before = [place.display for place in places]
        for place in places:
            place.display = self._display
        try:
            yield
        finally:
            for place, display in zip(places, before, strict=True):
                place.display = display

    def _guard(self, action: Callable[[], object]) -> Trouble | None:
        try:
            action()
        except SyntaxError as error:
            where = (error.filename or "").strip("<>")
            trouble = Trouble(
                kind="raised", type=type(error).__name__, message=str(error.msg), line=error.lineno, where=where
            )
            return structs.replace(trouble, text=self.line_of(trouble)) if self.explains else trouble
        except BaseException as error:  # noqa: BLE001 - the border: whatever student code raises becomes data
            trouble = trouble_of(error, set(self._sources))
            return self._explained(trouble, error) if self.explains else trouble
        return None

    def _explained(self, trouble: Trouble, error: BaseException) -> Trouble:
        """The trouble with its line and what was in play there."""
        from grader.sandbox.variables import in_play

        text = self.line_of(trouble)
        values, near = in_play(error, set(self._sources), text)
        return structs.replace(trouble, text=text, values=values, near=near)


def trouble_of(error: BaseException, filenames: set[str]) -> Trouble:
    """The error as data, with the innermost line that belongs to a cell."""
    where, line = "", None
    frame = error.__traceback__
    while frame is not None:
        if frame.tb_frame.f_code.co_filename in filenames:
            where, line = frame.tb_frame.f_code.co_filename.strip("<>"), frame.tb_lineno
        frame = frame.tb_next
    try:
        message = str(error)
    except BaseException:  # noqa: BLE001 - a hostile __str__
        message = ""
    message = message[:2000].encode("utf-8", "backslashreplace").decode()  # half an emoji cannot travel
    return Trouble(
        kind=_kind_of(error, message), type=type(error).__name__[:100], message=message, line=line, where=where
    )


def _kind_of(error: BaseException, message: str) -> str:
    """The limit that an error comes from, or `raised`."""
    if isinstance(error, MemoryError) or "can't allocate memory" in message:
        return "memory"
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EFBIG):
        return "disk"
    no_process = isinstance(error, BlockingIOError) and error.errno == errno.EAGAIN
    return "processes" if no_process or message == "can't start new thread" else "raised"


def _run_to_its_end(awaited: Coroutine[Any, Any, object]) -> None:
    """Runs what a cell awaits; in a thread of its own where this one has a loop already, as in a notebook's kernel."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        asyncio.run(awaited)
        return
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, awaited).result()


def _place_of(error: BaseException, body: Sequence[ast.stmt], filename: str) -> int | None:
    """Which of these statements an error came out of."""
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == filename:
            line = trace.tb_lineno
            return next(
                (place for place, part in enumerate(body) if _first_line(part) <= line <= _last_line(part)), None
            )
        trace = trace.tb_next
    return None


def _first_line(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(decorator.lineno for decorator in decorators)])


def _last_line(statement: ast.stmt) -> int:
    return statement.end_lineno or statement.lineno


def _has_device() -> bool:
    """Whether torch can compute anywhere but on the processor; it is not imported to find out."""
    torch = sys.modules.get("torch")
    return torch is not None and (torch.cuda.is_available() or torch.backends.mps.is_available())
