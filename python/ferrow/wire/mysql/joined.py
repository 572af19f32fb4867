"""Rows of one INSERT, each with its values, that are sent as one statement.

Only what is sure to do the same as its rows one by one: nothing but placeholders and constants in the row, no ON DUPLICATE KEY and no
IGNORE, and a sql_mode in which a value that does not fit is an error in every row, not in the first alone (see `modes.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

_NAME = r'(?: `[^`]+` | "[^"]+" | [^\W\d][\w$]* )'
_CONSTANT = r"(?: -?\d+(?:\.\d+)? | NULL | TRUE | FALSE | DEFAULT | '[^'\\]*' )"
_ITEM = rf"(?: \?\d* | {_CONSTANT} )"
_INSERT = re.compile(
    rf"""
    (?P<head> \s*+ (?:INSERT|REPLACE) \s++ INTO \s++ {_NAME} (?: \.{_NAME} )? \s*+
              (?: \( \s* (?: {_NAME} (?: \s*,\s* {_NAME} )* )? \s* \) \s*+ )? VALUES \s*+ )
    (?P<row> \( \s* (?: {_ITEM} (?: \s*,\s* {_ITEM} )* )? \s* \) )
    (?P<tail> (?: \s++ RETURNING \s++ (?: \* | {_NAME} (?: \s*,\s* {_NAME} )* ) )? \s*+ )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_LONGEST = 20_000  # characters of a statement that is worth remembering
_MOST = 1000  # rows
_SPACE = 1_000_000  # characters
_WIDEST = 4  # bytes of a character


class Parts(NamedTuple):
    """An INSERT of one row, in pieces."""

    head: str
    row: str
    tail: str


class Rows:
    """Rows of such a statement, each in its parentheses."""

    __slots__ = ("_parts", "_texts")

    def __init__(self, parts: Parts, texts: Sequence[str]) -> None:
        self._parts = parts
        self._texts = texts

    def __len__(self) -> int:
        return len(self._texts)

    def some(self, first: int, end: int) -> Rows:
        """Those from one place to before another."""
        return Rows(self._parts, self._texts[first:end])

    def single(self, place: int) -> str:
        """The statement of one."""
        return f"{self._parts.head}{self._texts[place]}{self._parts.tail}"

    def statement(self) -> str:
        """That of all."""
        return f"{self._parts.head}{', '.join(self._texts)}{self._parts.tail}"

    def ends(self, space: int) -> Iterator[int]:
        """Where to divide them, for statements of that many characters if one row is not longer."""
        around = used = len(self._parts.head) + len(self._parts.tail)
        first = 0
        for place, text in enumerate(self._texts):
            size = len(text) + len(", ")
            if place > first and (place - first == _MOST or used + size > space):
                yield place
                first, used = place, around
            used += size
        yield len(self)


class Piece(NamedTuple):
    """What is sent at once."""

    text: str
    said: str
    """The statement without values."""
    row: int
    """The first row that it is for, from 1."""
    rows: Rows | None = None
    """Where it is for several: these."""

    @property
    def last(self) -> int:
        """The last row that it is for."""
        return self.row if self.rows is None else self.row + len(self.rows) - 1


def parted(sql: str) -> Parts | None:
    """The pieces of a statement whose rows may come together, None of any other."""
    return (_parsed if len(sql) <= _LONGEST else _parsed.__wrapped__)(str(sql))


def joined(sql: str, rows: Rows, packet: int) -> list[Piece]:
    """Rows in as few pieces as there can be, the last of them alone. `packet`: bytes that the server takes at once."""
    most = rows.some(0, len(rows) - 1)  # LAST_INSERT_ID() is then of the last, not of the first that came with it
    made: list[Piece] = []
    first = 0
    for end in most.ends(min(_SPACE, packet // _WIDEST)):
        some = most.some(first, end)
        made.append(Piece(some.statement(), sql, first + 1, some if len(some) > 1 else None))
        first = end
    return [*made, Piece(rows.single(-1), sql, len(rows))]


def apart(sql: str, rows: Rows) -> list[Piece]:
    """The same, one by one."""
    return [Piece(rows.single(place), sql, place + 1) for place in range(len(rows))]


@lru_cache(maxsize=1024)
def _parsed(sql: str) -> Parts | None:
    found = _INSERT.fullmatch(sql)
    return None if found is None else Parts(found["head"], found["row"], found["tail"])
