"""Where instances were read: exactly for those of the last small results, for others the last lines of the program that read many.

It costs the rows of large results nothing, and nothing of the instances is kept alive.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any
from weakref import ref

from ferrow.engine.context import CHAIN, current
from ferrow.model.sites import elsewhere

if TYPE_CHECKING:
    from ferrow.engine.engine import AsyncEngine

Line = tuple[str, int]

_PACKAGE = __file__.rpartition("/orm/")[0]
_KEPT = 3
"""Lines that may have read an instance of a large result."""
_FEW = 3
"""Instances of a result, each of which is told apart."""
_EXACT = 64
"""How many of them are, of a model."""

_ours: dict[str, bool] = {}  # by file, as a walk through the frames meets the same ones again and again


def _here() -> Line | None:
    """The line of the program that is running."""
    frame: Any = sys._getframe(2)
    while frame is not None:
        name = frame.f_code.co_filename
        mine = _ours.get(name)
        if mine is None:
            mine = _ours[name] = name.startswith(_PACKAGE) or name[0] == "<"
        if not mine:
            return name, frame.f_lineno
        frame = frame.f_back
    return None


class Lines:
    """The lines that read instances of one model."""

    __slots__ = ("_few", "_last")

    def __init__(self) -> None:
        self._few: deque[tuple[Any, Line]] = deque()
        """What tells one instance from others (a weak reference; in a unit of work its key), and its line."""
        self._last: dict[Line, None] = {}

    def note(self, engine: AsyncEngine, instances: Sequence[Any], *, apart: bool = True) -> None:
        """Instances were read by the line of the program that is running; in a unit of work, that notes it itself. `apart`: tell few apart."""
        if not instances or engine._follows or (CHAIN.get() is not None and _followed(engine)):
            return
        line = _here()
        if line is not None:
            self.read(line, instances, ref if apart else None)

    def read(self, line: Line, instances: Sequence[Any], mark: Callable[[Any], Any] | None) -> None:
        """They were read by this line. `mark`: what tells one from others, where that is wanted."""
        if mark is None or len(instances) > _FEW:
            self._add(line)
            return
        few = self._few
        try:
            few.extend([(mark(one), line) for one in instances])
        except TypeError:  # a class with slots, and none for weak references
            self._add(line)
        while len(few) > _EXACT:
            try:
                old, before = few.popleft()
            except IndexError:  # another thread was at it, too
                return
            if old.__class__ is not ref or old() is not None:
                self._add(before)

    def _add(self, line: Line) -> None:
        last = self._last
        last.pop(line, None)
        last[line] = None
        if len(last) > _KEPT:
            last.pop(next(iter(last), line), None)  # another thread may be at it, too

    def of(self, instance: Any, key: Any = None) -> str | None:
        """The line that read an instance, as `file:line`; else the few that may have, the last one first; None if there is none."""
        for mark, (name, line) in reversed([*self._few]):
            if (mark() is instance) if mark.__class__ is ref else (mark == key):
                return f"{name}:{line}"
        return " or at ".join([f"{name}:{line}" for name, line in reversed([*self._last])]) or None

    def clear(self) -> None:
        """Know nothing."""
        self._few.clear()
        self._last.clear()


class Sites:
    """The same in a unit of work. It lets go of what nobody holds, weak references included, so that instances are told apart by their keys."""

    __slots__ = ("_lines",)

    def __init__(self) -> None:
        self._lines: dict[type, Lines] = {}

    def note(self, instances: Sequence[Any], key: Callable[[Any], Any] | None) -> None:
        """Instances of one model were read by the line of the program that is running. Without relations nobody will ask."""
        model = type(instances[0])
        whole: Lines | None = model.__dict__.get("__ferrow_lines__")
        line = None if whole is None else _here()
        if whole is None or line is None:
            return
        mine = self._lines.get(model)
        if mine is None:
            mine = self._lines[model] = Lines()
        mine.read(line, instances, key)
        whole.read(line, instances, None)  # for when the unit is over

    def of(self, instance: Any, key: Any) -> str | None:
        """As `Lines.of`."""
        lines = self._lines.get(type(instance))
        return None if lines is None else lines.of(instance, key)


def lines_of(model: type) -> Lines:
    """Those of a model outside of units of work, kept on the class."""
    found: Lines | None = model.__dict__.get("__ferrow_lines__")
    if found is None:
        found = Lines()
        model.__ferrow_lines__ = found  # type: ignore[attr-defined]
    return found


def _followed(engine: AsyncEngine) -> bool:
    """Whether a unit of work belongs to the transaction around the running code."""
    link = current(engine)
    return link is not None and link.observer is not None


def _outside(instance: Any) -> str | None:
    lines: Lines | None = type(instance).__dict__.get("__ferrow_lines__")
    return None if lines is None else lines.of(instance)


elsewhere.append(_outside)
