"""User numbers for submissions where no namespaces stand: one for each, so that none can reach another's processes."""

import os
import socket

FIRST, LAST = 61_184, 65_519
"""Numbers that systemd keeps for users who come and go; no person has one of them."""


class Users:
    """Hands out numbers, each of which no other server has at the same time."""

    def __init__(self) -> None:
        self._claims: dict[int, socket.socket] = {}
        self._next = int.from_bytes(os.urandom(4))

    def claim(self) -> int:
        """A number that is this server's until it is released.

        Raises:
            OSError: all of them are taken.
        """
        for _ in range(LAST - FIRST + 1):
            self._next += 1
            user = FIRST + self._next % (LAST - FIRST + 1)
            claim = socket.socket(socket.AF_UNIX)
            try:
                claim.bind(f"\0lm-playground-user-{user}")  # gone with this process, whatever ends it
            except OSError:
                claim.close()
                continue
            self._claims[user] = claim
            return user
        raise OSError("no user number is free for a submission")

    def release(self, user: int) -> None:
        """Gives a number back."""
        claim = self._claims.pop(user, None)
        if claim is not None:
            claim.close()
