"""Where the instances of a unit of work were read: a line of the program for each of its last queries, at no cost for their rows."""

from __future__ import annotations

import sys
from collections import deque
from typing import Any

_PACKAGE = __file__.rpartition("/orm/")[0]
_KEPT = 64


class Sites:
    """The lists that queries gave, with the lines that asked. They are looked through when somebody wants to know, which is an error's time."""

    __slots__ = ("_lists",)

    def __init__(self) -> None:
        self._lists: deque[tuple[list[Any], str, int]] = deque(maxlen=_KEPT)

    def note(self, rows: list[Any]) -> None:
        """These were read by the line of the program that is running."""
        frame = sys._getframe(1)
        while frame is not None:
            name = frame.f_code.co_filename
            if not name.startswith(_PACKAGE) and name[0] != "<":
                self._lists.append((rows, name, frame.f_lineno))
                return
            frame = frame.f_back  # type: ignore[assignment]

    def of(self, instance: Any) -> str | None:
        """The line that read an instance, as `file:line`; None if that is not known (any more)."""
        for rows, name, line in reversed(self._lists):
            if any(one is instance for one in rows):
                return f"{name}:{line}"
        return None

    def clear(self) -> None:
        """Let go of the lists."""
        self._lists.clear()
