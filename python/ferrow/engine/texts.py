"""What is known of the statements of an engine: which may share a connection, and which were quick."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ferrow.engine.purity import LONGEST, pure

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

_MOST = 4096  # texts remembered
_MORE, _UTMOST = 4, 256  # quick runs asked for after it held others up: so many times more each time, and at most
_FORGIVEN = 10.0  # seconds after which that starts anew


class Text:
    """One statement: whether it may be shared now, and what it takes to be shared again."""

    __slots__ = ("pure", "shared", "_credit", "_needed", "_since")

    def __init__(self) -> None:
        self.pure: bool | None = None
        """None: seen once, and not looked at yet."""
        self.shared: bool = False
        """Whether it goes to a connection that others use as well."""
        self._credit = 0
        self._needed = 1
        self._since = -math.inf

    def ran_alone(self, quick: bool) -> None:
        """It had a connection of its own, and was quick or not."""
        self._credit = self._credit + 1 if quick else 0
        self.shared = self._credit >= self._needed

    def held_up(self, now: float) -> None:
        """It kept those behind it waiting: more proof is needed, and more each time. `now` in seconds of any clock."""
        if self.shared:
            self.shared = False
            self._credit = 0
            self._needed = min(self._needed * _MORE, _UTMOST) if now - self._since < _FORGIVEN else _MORE
            self._since = now


class Texts:
    """The statements of one engine, by their text; the oldest half is forgotten when there are too many."""

    __slots__ = ("_known", "get")

    def __init__(self) -> None:
        self._known: dict[Hashable, Text] = {}
        self.get: Callable[[Hashable], Text | None] = self._known.get
        """What is known of a text; None the first time."""

    def __len__(self) -> int:
        return len(self._known)

    def lesson(self, sql: str) -> Text | None:
        """What to tell how long `sql` takes alone; None where that is of no interest.

        A text is looked at when it comes for the second time: those that come once, with values written into them, are many.
        """
        if not isinstance(sql, str) or len(sql) > LONGEST:
            return None
        text = self._known.get(sql)
        if text is None:
            if len(self._known) >= _MOST:
                for old in [*self._known][: _MOST // 2]:
                    self._known.pop(old, None)
            self._known[sql] = Text()
            return None
        if text.pure is None:
            text.pure = pure(sql)
        return text if text.pure else None
