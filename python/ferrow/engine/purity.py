"""Which SQL only reads, and can be run beside others, or twice, without anybody being able to tell."""

from __future__ import annotations

import re
from functools import cache

from ferrow.driver.tokens import POSTGRESQL, end_of_comment
from ferrow.engine.pure_functions import PURE

LONGEST = 16_384  # characters: longer texts are made by programs, seldom come twice, and are not worth the look

_STARTS = frozenset({"select", "with", "values", "table"})
# Wherever they stand. As names of columns some are legal, too; such a statement merely gets a connection of its own.
_NEVER = frozenset({"insert", "update", "delete", "merge", "into", "share", "returning", "operator", "lock", "uescape"})
# What follows these is a name with a list of columns, or a type: `AS t(a, b)`, `CAST(x AS numeric(2))`.
_NAMING = frozenset({"as", "with", "recursive"})


def pure(sql: str) -> bool:
    """Whether `sql` is one SELECT, VALUES, TABLE or WITH of which every call is known to be unobservable.

    It judges by the text alone and rather says no. What hides in a view, a cast, an operator, or a function named like one of
    PostgreSQL's own cannot be seen from here; so nothing is ever run a second time but in a read-only transaction.
    """
    if len(sql) > LONGEST:
        return False
    grammar = _grammar()
    position = 0
    started = False
    before = last = ""  # the last two tokens: names in lower case, of strings and quoted names the quote alone
    while match := grammar.search(sql, position):
        position = match.end()
        kind, token = match.lastgroup, match[0]
        if kind == "comment":
            continue
        if kind == "nesting":
            position = end_of_comment(sql, position)
            continue
        if kind == "text":
            if not _plain(token):
                return False
            token = token[0]
        elif kind == "word":
            token = token.lower().rpartition(".")[2].strip()
            if token in _NEVER or (token.startswith("pg_") and token not in PURE):
                return False
        elif token == ";":
            return started and not sql[position:].strip()
        elif not token.isascii():
            return False  # PostgreSQL takes it for a part of a name
        if not started:
            if token in _STARTS:
                started = True
            elif token != "(":
                return False
        elif token == "(" and not _callable(before, last):
            return False
        before, last = last, token
    return started


def _callable(before: str, last: str) -> bool:
    """Whether an opening parenthesis behind these two tokens calls nothing, or something harmless."""
    if before == ".":
        return False  # a function of some schema: `pg_catalog.` is part of the token
    if last[0].isalpha() or last[0] == "_":
        return last in PURE or before in _NAMING
    return before in _NAMING if last == '"' else last not in (")", "]", "'", "$")


def _plain(text: str) -> bool:
    """Whether a string or quoted name means the same in every session, and is none of what tells sessions apart."""
    if text[0] in "eE$":
        return True
    # With standard_conforming_strings off a backslash would make it end elsewhere; behind U& it writes any letter.
    return "\\" not in text and text[:4].lower() != '"pg_'


@cache
def _grammar() -> re.Pattern[str]:
    return re.compile(
        rf"""
        {POSTGRESQL}
      | (?P<figure> \d[\w.]* )
      | (?P<word> (?: pg_catalog \s* \. \s* )? [^\W\d][\w$]* )
      | (?P<mark> [^\ \t\n\r\f\v\w] )
        """,
        re.VERBOSE | re.DOTALL | re.IGNORECASE,
    )
