"""Where in a COPY an error of the server is: its CONTEXT says so, in the words of the server's language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from ferrow.errors import DatabaseError

# "COPY item, line 2, column price: "much"", innermost first where a trigger has something to add.
_PLACE = r"^COPY {}, \S+ (\d+)(?:, \S+ (.+?))?(?:\s*: .*)?$"
_NAME = r'(?:[^\W\d][\w$]*|"(?:[^"]|"")+")'
_TABLE = re.compile(rf"\s*COPY\s+(?:{_NAME}\s*\.\s*)*({_NAME})", re.IGNORECASE)

_NOT_ABOUT_ROWS = ("08", "40", "53", "55", "57", "58", "F0", "XX")
"""Classes of SQLSTATE that are said to be at the line which the server has come to, and have nothing to do with it."""


@contextmanager
def placed(table: str | None) -> Iterator[None]:
    """A block whose errors get the row, and the column, that the server names; None: whatever the table is called."""
    try:
        yield
    except DatabaseError as error:
        if (
            error.row is None
            and error.where is not None
            and error.sqlstate
            and error.sqlstate[:2] not in _NOT_ABOUT_ROWS
        ):
            name = ".+?" if table is None else re.escape(table)
            if (found := re.search(_PLACE.format(name), error.where, re.MULTILINE)) is not None:
                error.row = int(found[1])
                error.column = error.column or found[2]
        raise


def table_of(sql: str) -> str | None:
    """What the server calls the table of a COPY statement; None where that cannot be read."""
    if (found := _TABLE.match(sql)) is None:
        return None
    name = found[1]
    return name[1:-1].replace('""', '"') if name[0] == '"' else name.lower()
