"""A statement that one of two servers, which share a protocol and a dialect's name, understands in other words only.

Which of them an engine is connected to is known when it is connected, and statements are compiled before. So a statement is
text for the one (MariaDB), and knows how the other (MySQL) is told the same; the wire chooses.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Steps(NamedTuple):
    """What is sent instead of one statement, all with its parameters; the rows are those of what comes before and after."""

    sql: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """All of it, in order."""
        return (*self.before, self.sql, *self.after)


class Wording(str):
    """The text for MariaDB."""

    __slots__ = ("_make", "_made")

    def __new__(cls, text: str, make: Callable[[], Steps]) -> Wording:
        """`make` is asked once, when MySQL is to be told. It may raise NotSupportedError."""
        made = super().__new__(cls, text)
        made._make = make
        made._made = None
        return made

    _make: Callable[[], Steps]
    _made: Steps | None

    @property
    def steps(self) -> Steps:
        """What MySQL is sent."""
        if self._made is None:
            self._made = self._make()
        return self._made
