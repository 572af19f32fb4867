"""Where instances were read: the last lines of the program that asked for each model, at no cost for the rows."""

from __future__ import annotations

import sys
from typing import Any

from ferrow.model.sites import elsewhere

_PACKAGE = __file__.rpartition("/orm/")[0]
_KEPT = 3


class Lines:
    """The last lines that read instances of one model. Nothing of the instances is kept."""

    __slots__ = ("_last",)

    def __init__(self) -> None:
        self._last: dict[tuple[str, int], None] = {}

    def note(self) -> None:
        """Instances are read by the line of the program that is running."""
        frame = sys._getframe(1)
        while frame is not None:
            name = frame.f_code.co_filename
            if not name.startswith(_PACKAGE) and name[0] != "<":
                line = (name, frame.f_lineno)
                last = self._last
                last.pop(line, None)
                last[line] = None
                if len(last) > _KEPT:
                    last.pop(next(iter(last), line), None)  # another thread may be at it, too
                return
            frame = frame.f_back  # type: ignore[assignment]

    @property
    def shown(self) -> str | None:
        """As `file:line`, the last one first; None if there is none."""
        return " or at ".join([f"{name}:{line}" for name, line in reversed([*self._last])]) or None


class Sites:
    """By model the lines that read its instances in a unit of work, which lets go of those nobody holds."""

    __slots__ = ("_lines",)

    def __init__(self) -> None:
        self._lines: dict[type, Lines] = {}

    def note(self, model: type) -> None:
        """Instances were read by the line of the program that is running."""
        lines = self._lines.get(model)
        if lines is None:
            lines = self._lines[model] = Lines()
        lines.note()

    def of(self, instance: Any) -> str | None:
        """The line, or the few of them, that may have read an instance; None if that is not known."""
        lines = self._lines.get(type(instance))
        return None if lines is None else lines.shown


def lines_of(model: type) -> Lines:
    """Those of a model outside of units of work, kept on the class."""
    found: Lines | None = model.__dict__.get("__ferrow_lines__")
    if found is None:
        found = Lines()
        model.__ferrow_lines__ = found  # type: ignore[attr-defined]
    return found


def _outside(instance: Any) -> str | None:
    lines = type(instance).__dict__.get("__ferrow_lines__")
    return None if lines is None else lines.shown


elsewhere.append(_outside)
