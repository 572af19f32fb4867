"""The rows of a cursor that wait to be fetched."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, NoReturn

from ferrow.errors import DatabaseError, ProgrammingError


class Fetched:
    """An iterator over a list that knows where it is and can be moved. Each row costs what a list iterator takes."""

    __slots__ = ("_list", "_rest")

    def __init__(self, rows: list[Any]) -> None:
        self._list = rows
        self._rest = iter(rows)

    def __iter__(self) -> Iterator[Any]:
        return self._rest

    def one(self) -> Any:
        return next(self._rest, None)

    def many(self, count: int) -> list[Any]:
        return [*islice(self._rest, count)]

    def all(self) -> list[Any]:
        return [*self._rest]

    @property
    def position(self) -> int:
        return len(self._list) - self._rest.__length_hint__()

    def move(self, position: int) -> None:
        """Go to a row by its index. Raises IndexError if there is none, and stays."""
        if not 0 <= position < len(self._list):
            raise IndexError(f"there is no row {position} in a result of {len(self._list)} rows; the position is unchanged")
        # One that has come to its end stays there, so it takes a new one.
        self._rest = iter(self._list)
        self._rest.__setstate__(position)


class Nothing(Fetched):
    """In the place of rows where there are none to fetch: every use raises `error`."""

    __slots__ = ("_error",)

    def __init__(self, kind: type[DatabaseError], message: str) -> None:
        self._error = (kind, message)

    def refuse(self, *_: Any) -> NoReturn:
        kind, message = self._error
        raise kind(message)

    __iter__ = one = many = all = move = refuse
    position = property(refuse)


NO_RESULT = Nothing(ProgrammingError, "there is no result to fetch from: execute a statement that returns rows first")
