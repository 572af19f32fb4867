"""Names of tables, columns, labels and aliases: checked before anything is built from them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ferrow.errors import ProgrammingError

_LONE = re.compile("[\ud800-\udfff]")
_LONGEST = 63  # bytes; PostgreSQL cuts longer names off, and so may mean another table


def check_identifier(name: object, what: str) -> str:
    """Return `name` if it can be a name in SQL at all; quoting and length are the dialect's business.

    Args:
        name: what the user gave.
        what: what it names ("column", "label"), for the message.

    Raises:
        ProgrammingError: not a string, empty, or containing the NUL character or a lone surrogate.
    """
    if not isinstance(name, str):
        msg = f"the name of a {what} must be a str, not {type(name).__name__}: {name!r}"
        raise ProgrammingError(msg)
    if not name:
        msg = f"the name of a {what} is empty"
        raise ProgrammingError(msg)
    if "\0" in name:
        msg = f"the name of a {what} contains the NUL character, which no database accepts: {name!r}"
        raise ProgrammingError(msg)
    if not name.isascii() and _LONE.search(name):
        msg = f"the name of a {what} holds a lone surrogate, which UTF-8 cannot write: {name!r}"
        raise ProgrammingError(msg)
    return name


def quoted(name: object, what: str) -> str:
    """`name` as PostgreSQL takes it for exactly this name: in double quotes. Raises as `check_identifier`, and when too long."""
    text = check_identifier(name, what)
    size = len(text.encode())
    if size > _LONGEST:
        raise ProgrammingError(
            f"the name of a {what} is {size} bytes long, PostgreSQL has room for {_LONGEST}: {text!r}"
        )
    return in_quotes(text)


def in_quotes(name: str) -> str:
    """A checked name in double quotes, as which it is exactly this one."""
    return '"' + name.replace('"', '""') + '"'


def quoted_table(table: object, schema: object = None) -> str:
    """`"schema"."table"`, or the table alone. A dot in `table` is a part of its name. Raises as `quoted`."""
    name = quoted(table, "table")
    return name if schema is None else f"{quoted(schema, 'schema')}.{name}"


def checked_names(names: Sequence[str], what: str) -> list[str]:
    """The names, each of which can be one. Raises ProgrammingError for none at all, a bare `str`, or one given twice."""
    if isinstance(names, str):
        raise ProgrammingError(f"the {what}s are a list of names, not one str: write [{names!r}]")
    known = [check_identifier(name, what) for name in names]
    if not known:
        raise ProgrammingError(f"no {what}s were named; leave the argument out for all of them")
    twice = sorted({name for name in known if known.count(name) > 1})
    if twice:
        raise ProgrammingError(f"the {what} {twice[0]!r} was named twice")
    return known
