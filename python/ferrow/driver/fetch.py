"""Fetching: a cursor holds an iterator over the list of its rows, which knows where it is. Nothing that fetches costs less."""

from __future__ import annotations

import operator
from collections.abc import Iterator
from itertools import islice
from sys import maxsize
from typing import Any, NoReturn, Self, TypeVar

from ferrow.errors import DatabaseError, InterfaceError, ProgrammingError

T = TypeVar("T")


class Nothing:
    """An iterator that refuses, in the place of rows where there are none: so that fetching need not ask first."""

    __slots__ = ("_kind", "_message")

    def __init__(self, kind: type[DatabaseError], message: str) -> None:
        self._kind = kind
        self._message = message

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> NoReturn:
        raise self._kind(self._message)


NO_RESULT = Nothing(ProgrammingError, "there is no result to fetch from: execute a statement that returns rows first")
CLOSED = Nothing(InterfaceError, "the cursor is closed; ask the connection for another one")
DISCONNECTED = Nothing(InterfaceError, "Connection is closed")


def many(rest: Iterator[T], size: int) -> list[T]:
    """Up to `size` rows."""
    if isinstance(rest, Nothing):
        next(rest)
    return [*islice(rest, checked_size(size))]


def checked_size(size: int) -> int:
    """A number of rows. Raises ProgrammingError for what is none."""
    if not isinstance(size, int) or size < 0:
        raise ProgrammingError(f"{size!r} is no number of rows to fetch: it takes an int, 0 or more")
    return min(size, maxsize)


def position(rest: Iterator[Any], rows: list[Any]) -> int:
    """Index of the next row."""
    return len(rows) - operator.length_hint(rest)


def moved(rows: list[T], index: int) -> Iterator[T]:
    """The rows from one on. Raises IndexError if there is none."""
    if not 0 <= index < len(rows):
        raise IndexError(f"there is no row {index} in a result of {len(rows)} rows; the position is unchanged")
    # Always a new one: an iterator that has come to its end stays there.
    rest = iter(rows)
    rest.__setstate__(index)  # type: ignore[attr-defined]  # iterators of lists have it, the stubs do not
    return rest
