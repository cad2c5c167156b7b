"""A process that answers what the hidden suites want to know of the models: on the student's side, but no student's.

It is a clean fork of the same server, behind the same walls, and it runs the suites' own code. So the trusted side has
no models, and no student's value comes near one.
"""

from collections.abc import Callable
from typing import Any

from grader.model import Limits, Status
from grader.protocol.messages import Reply, Trouble
from grader.protocol.student import LostError
from grader.protocol.warmth import Warmth
from grader.wall.fork_server import Server
from grader.wall.process import Process

ANSWER_S = 120.0
START_S = 180.0
_OUTPUT_KB = 64


class Oracle:
    """Asks a process in which a source has run; one that is lost is replaced once for each question."""

    trouble: Trouble | None = None
    limits = Limits()

    def __init__(self, server: Callable[[], Server], source: str) -> None:
        """Starts nothing yet.

        Args:
            server: the fork server at the moment of a question; it may be another one later.
            source: what to run before the first question.
        """
        self._server, self._source = server, source
        self._process: Process | None = None

    def ask(self, op: str, args: dict[str, Any]) -> Reply:
        """The reply to one question.

        Raises:
            LostError: there is none; it is a fault of the kit.
        """
        try:
            return self._ask(op, args)
        except LostError:
            self.close()
        try:
            return self._ask(op, args)
        except LostError as error:
            raise LostError(Status.KIT_ERROR, f"their process gave no answer: {error}") from None

    def rerun(self, givens: dict[str, Any]) -> "Oracle":
        """Not for this one."""
        raise NotImplementedError(givens)

    def _ask(self, op: str, args: dict[str, Any]) -> Reply:
        if self._process is None:
            self._process = self._start()
        return self._process.ask(op, args, ANSWER_S)

    def _start(self) -> Process:
        server = self._server()
        server.warm_up(max(server.warmth, Warmth.MODELS))
        process = server.spawn()
        run = {
            "cells": [[self._source, ""]],
            "where": "oracle",
            "names": [],
            "givens": [],
            "values": {},
            "output_kb": _OUTPUT_KB,
            "limits": {"memory_less_mb": 0, "file_mb": 1},
        }
        trouble = process.ask("run", run, START_S).trouble
        if trouble is not None:
            process.kill()
            raise LostError(Status.KIT_ERROR, f"{trouble.type}: {trouble.message}")
        return process

    def close(self) -> None:
        """Ends its process; the next question starts another."""
        if self._process is not None:
            self._server().end(self._process)
            self._process = None
