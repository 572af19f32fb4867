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


class Piece(NamedTuple):
    """What is sent at once."""

    text: str
    said: str
    """The statement without values."""
    row: int
    """The first row that it is for, from 1."""
    singles: Sequence[str] = ()
    """Where it is for several rows: the statement of each."""

    @property
    def last(self) -> int:
        """The last row that it is for."""
        return self.row + max(0, len(self.singles) - 1)


def joined(pieces: Sequence[Piece], packet: int) -> list[Piece]:
    """Pieces of one row each, of the same statement, in fewer if that does the same. `packet`: bytes that the server takes at once."""
    ends = _ends(pieces[0].said)
    if ends is None:
        return list(pieces)
    head, tail = ends
    made: list[Piece] = []
    for some in _groups(pieces, min(_SPACE, packet // _WIDEST)):
        if len(some) == 1:
            made += some
            continue
        rows = ", ".join([piece.text[head : len(piece.text) - tail] for piece in some])
        first = some[0]
        text = f"{first.text[:head]}{rows}{first.text[len(first.text) - tail :]}"
        made.append(Piece(text, first.said, first.row, [piece.text for piece in some]))
    return made


def joins(sql: str) -> bool:
    """Whether rows of this statement may come together."""
    return _ends(sql) is not None


def _groups(pieces: Sequence[Piece], space: int) -> Iterator[list[Piece]]:
    some: list[Piece] = []
    used = 0
    for piece in pieces:
        size = len(piece.text)
        if some and (len(some) == _MOST or used + size > space):
            yield some
            some, used = [], 0
        some.append(piece)
        used += size
    yield some


def _ends(sql: str) -> tuple[int, int] | None:
    """The lengths of what is before the row, and behind it."""
    return (_parsed if len(sql) <= _LONGEST else _parsed.__wrapped__)(str(sql))


@lru_cache(maxsize=1024)
def _parsed(sql: str) -> tuple[int, int] | None:
    found = _INSERT.fullmatch(sql)
    return None if found is None else (len(found["head"]), len(found["tail"]))
