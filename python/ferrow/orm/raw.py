"""`?` as a placeholder on every database."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from ferrow.errors import ProgrammingError

if TYPE_CHECKING:
    from ferrow.abc import Params
    from ferrow.sql import Dialect

# What cannot hold a placeholder: texts ('' and E'' with its backslashes, $tag$), quoted names, comments.
_TOKEN = re.compile(
    r"""
      (?P<quiet> \b [eE] ' (?: [^'\\] | \\. | '' )* '
               | ' (?: [^'] | '' )* '
               | " (?: [^"] | "" )* "
               | \$ (?P<tag> [A-Za-z_]\w* )? \$ .*? \$ (?(tag) (?P=tag) ) \$
               | -- [^\n]*
               | /\* .*? \*/ )
    | (?P<native> \$ \d+ )
    | (?P<mark> \? )
    """,
    re.VERBOSE | re.DOTALL,
)


def native(sql: str, params: Params, dialect: Dialect) -> str:
    """The statement with the dialect's own placeholders. One that has some already, or no parameters, is left as it is.

    Raises:
        ProgrammingError: another number of `?` than of parameters.
    """
    # What is no sequence at all is left to the core, which says so.
    if not params or not isinstance(params, Sequence) or "?" not in sql or dialect.placeholder(1).startswith("?"):
        return sql
    text, marks = _numbered(sql, dialect)
    if marks and marks != len(params):
        msg = (
            f"the statement has {marks} placeholders ?, {len(params)} parameters were given. If one of them is an operator "
            f"(jsonb ? key), write the placeholders as {dialect.placeholder(1)}, {dialect.placeholder(2)}, ..."
        )
        raise ProgrammingError(msg)
    return text


@lru_cache(1024)
def _numbered(sql: str, dialect: Dialect) -> tuple[str, int]:
    """The text with numbered placeholders, and how many there are."""
    tokens = list(_TOKEN.finditer(sql))
    if any(token["native"] for token in tokens):
        return sql, 0
    parts: list[str] = []
    end = marks = 0
    for token in tokens:
        if token["mark"]:
            marks += 1
            parts += (sql[end : token.start()], dialect.placeholder(marks))
            end = token.end()
    return "".join([*parts, sql[end:]]), marks
