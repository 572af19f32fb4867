"""How a database words the functions of `func`: one text per function and kind of argument where the plain call is not right."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import ClassVar

from ferrow.types import SQLType


class Calls(ABC):
    """The answers of one dialect about functions."""

    templates: ClassVar[Mapping[tuple[str, str] | str, str]]
    """By name and kind of the first argument, by name and number of arguments (`trim/2`), or by name; `{0}` is the first one."""

    def template(self, name: str, kind: str, count: int) -> str | None:
        """Return the wording of a function of `count` arguments, the first of a kind; None for the plain call."""
        known = self.templates
        return known.get((name, kind)) or known.get(f"{name}/{count}") or known.get(name)

    @abstractmethod
    def moment(self, function: str, unit: str, kind: str) -> str:
        """Return the wording of `extract` or `date_trunc`: unit and kind fit each other. Moments with a zone count in UTC."""

    @abstractmethod
    def moved(self, operator: str, kind: str) -> str:
        """Return the wording of a moment of a kind, `{0}`, that a duration `{1}` is added to or taken from; a day has 24 hours."""

    @abstractmethod
    def apart(self, kind: str) -> str:
        """Return the wording of how long it is to a moment of a kind, `{0}`, from another one."""

    @abstractmethod
    def extreme(self, name: str, operands: Sequence[str], type: SQLType) -> str:
        """Return `greatest` or `least` of several values of a type, leaving out NULLs."""
