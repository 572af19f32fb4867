"""What the sql_mode of a session does to strings, which of the readings of `lexical.py` is its, and to values that do not fit."""

from __future__ import annotations

import re

from ferrow.lexical import PLAIN, TEXTS
from ferrow.wire.mysql.refused import NO_BACKSLASH

MODE = "SELECT @@SESSION.sql_mode"
"""Asks for the mode; the server says by itself only whether backslashes escape."""
_SETS = re.compile(r"sql_mode|\bexecute\b", re.IGNORECASE)
_LONGEST = 20_000  # characters of a statement that may set it
_OTHERS = ("SELECT", "INSERT", "UPDATE", "DELETE")


def may_set(sql: str) -> bool:
    """Whether a statement may set the mode, as far as its text tells."""
    return len(sql) < _LONGEST and sql[:6].upper() not in _OTHERS and _SETS.search(sql) is not None


def quotes(mode: str | bytes) -> bool:
    """Whether names are in double quotes, by the answer to `MODE`."""
    return "ANSI_QUOTES" in _words(mode)


def strict(mode: str | bytes) -> bool:
    """Whether a value that does not fit is an error in every row of an INSERT. Without, those behind the first may be made to fit."""
    return "STRICT_ALL_TABLES" in _words(mode)


def _words(mode: str | bytes) -> list[str]:
    said = mode.decode() if isinstance(mode, bytes) else mode
    return said.split(",")


def reading(status: int, names: bool) -> str:
    """That of a session, by what the server has last said of it and by whether `names` are in double quotes."""
    if status & NO_BACKSLASH:
        return PLAIN
    return "mysql" if names else TEXTS
