"""Unions in documents: which of several types a value was, which only the value can tell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum
from typing import Any, TypeAlias

from ferrow.errors import DataError
from ferrow.model.care import Care, Converter
from ferrow.model.container import container
from ferrow.model.document_record import names_of
from ferrow.model.document_scalar import NATIVE, is_one_value
from ferrow.model.generic import class_of
from ferrow.model.unlike import unlike
from ferrow.types.infer import named

Member: TypeAlias = tuple[frozenset[str] | None, Converter | None]
"""The keys of a record, and what makes it."""

_NUMBERS = (int, float, bool)
_MOST = 1 << 30  # more than a class has attributes


def union(members: Sequence[Any], of: Callable[[Any, Care], Converter | None], care: Care) -> Converter:
    """What makes a value of the type that it is written as, or else of one that it can be read as; `of` makes the converters of the members.

    Those that take some values only come before those that JSON has itself: any text is a str, but few are a UUID.
    """
    rounds = [_Round(members, of, one) for one in ((Care.EXACT,) if care is Care.EXACT else (Care.EXACT, Care.CHECKED))]
    expected = " | ".join(named(member) for member in members)

    def convert(value: Any) -> Any:
        failed: DataError | None = None
        for tried in rounds:
            candidates = tried.candidates(value)
            for _, inner in candidates:
                if inner is None:
                    return value
                try:
                    return inner(value)
                except DataError as error:
                    failed = error if len(candidates) == 1 else None
                except (ValueError, TypeError):  # of a class of the program, which has the value for a wrong one
                    failed = None
        raise failed or unlike(expected, value)

    return convert


class _Round:
    """The members by what they are in JSON, converted with one kind of care."""

    __slots__ = ("_arrays", "_objects", "_others")

    def __init__(self, members: Sequence[Any], of: Callable[[Any, Care], Converter | None], care: Care) -> None:
        made = [(member, of(member, care)) for member in members]
        made.sort(key=lambda one: _width(one[0], one[1], care))
        found = [(_kinds(member), (names_of(member), inner)) for member, inner in made]
        self._objects: list[Member] = [member for kinds, member in found if dict in kinds]
        self._arrays: list[Member] = [member for kinds, member in found if list in kinds]
        self._others: list[Member] = [member for kinds, member in found if str in kinds]

    def candidates(self, value: Any) -> list[Member]:
        if isinstance(value, dict):
            if len(self._objects) == 1:
                return self._objects
            return sorted(self._objects, key=lambda member: _distance(member[0], value))
        return self._arrays if isinstance(value, (list, tuple)) else self._others


def _distance(names: frozenset[str] | None, document: dict[str, Any]) -> tuple[int, int]:
    """How many keys a record does not know, and how many it misses; a mapping knows them all."""
    if names is None:
        return 0, _MOST
    return len(document.keys() - names), len(names - document.keys())


def _width(member: Any, inner: Converter | None, care: Care) -> int:
    """How much of what JSON has is one of it."""
    cls = class_of(member)
    if inner is None:
        return 3
    if cls in _NUMBERS and care is Care.CHECKED:
        return -1  # the 1 of a float, which is a number in JSON, and no Decimal
    if cls in NATIVE:
        return 2
    # Any text is one of a class derived from str, but few are a UUID or the name of a member.
    return 1 if isinstance(cls, type) and issubclass(cls, (str, int, float)) and not issubclass(cls, Enum) else 0


def _kinds(member: Any) -> tuple[type, ...]:
    held = container(member)
    cls = class_of(member)
    if held is not None:
        return (dict,) if issubclass(held[0], dict) else (list,)
    if isinstance(cls, type):
        if issubclass(cls, tuple):
            return (list,)
        if names_of(member) is not None:
            return (dict,)
        if is_one_value(cls):
            return (str,)
    return dict, list, str
