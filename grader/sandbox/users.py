"""User numbers for submissions where no namespaces stand: one for each, so that none can reach another's processes."""

import os
import socket

FIRST, LAST = 61_184, 65_519
"""Numbers that systemd keeps for users who come and go; no person has one of them."""


class Users:
    """Hands out one number after another, each of which no other server has at the same time."""

    def __init__(self) -> None:
        self._claim: socket.socket | None = None
        self._next = int.from_bytes(os.urandom(4))

    def claim(self) -> int:
        """A number that is this server's until the next call.

        Raises:
            OSError: all of them are taken.
        """
        if self._claim is not None:
            self._claim.close()
        for _ in range(LAST - FIRST + 1):
            self._next += 1
            user = FIRST + self._next % (LAST - FIRST + 1)
            claim = socket.socket(socket.AF_UNIX)
            try:
                claim.bind(f"\0lm-playground-user-{user}")  # gone with this process, whatever ends it
            except OSError:
                claim.close()
                continue
            self._claim = claim
            return user
        raise OSError("no user number is free for a submission")
