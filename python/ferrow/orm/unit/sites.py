"""Where the instances of a unit of work were read: the lines of the program that asked for each model, at no cost for the rows."""

from __future__ import annotations

import sys
from typing import Any

_PACKAGE = __file__.rpartition("/orm/")[0]
_KEPT = 3


class Sites:
    """By model the last lines that read instances of it. Nothing of the instances is kept: the unit lets go of those nobody holds."""

    __slots__ = ("_lines",)

    def __init__(self) -> None:
        self._lines: dict[type, dict[tuple[str, int], None]] = {}

    def note(self, model: type) -> None:
        """Instances were read by the line of the program that is running."""
        frame = sys._getframe(1)
        while frame is not None:
            name = frame.f_code.co_filename
            if not name.startswith(_PACKAGE) and name[0] != "<":
                lines = self._lines.setdefault(model, {})
                lines.pop((name, frame.f_lineno), None)
                lines[(name, frame.f_lineno)] = None
                if len(lines) > _KEPT:
                    del lines[next(iter(lines))]
                return
            frame = frame.f_back  # type: ignore[assignment]

    def of(self, instance: Any) -> str | None:
        """The line, or the few of them, that may have read an instance, as `file:line`; None if that is not known."""
        return " or at ".join([f"{name}:{line}" for name, line in self._lines.get(type(instance), ())]) or None
