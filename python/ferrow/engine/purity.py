"""Which SQL only reads, and can be run beside others, or twice, without anybody being able to tell."""

from __future__ import annotations

import re
from functools import cache

from ferrow.engine.pure_functions import GRAMMAR, PURE
from ferrow.lexical import POSTGRESQL, end_of_comment

LONGEST = 16_384  # characters: longer texts are made by programs, seldom come twice, and are not worth the look

_STARTS = frozenset({"select", "with", "values", "table"})
# Wherever they stand. As names of columns some are legal, too; such a statement merely gets a connection of its own.
_NEVER = frozenset({"insert", "update", "delete", "merge", "into", "share", "returning", "operator", "lock", "uescape"})
# Functions of PostgreSQL that need no parentheses: `x.nextval` calls, too, where x is no row (manual, "Composite Types").
_FIELDS = frozenset(
    {"nextval", "currval", "setseed", "lo_creat", "lo_create", "lo_import", "lo_unlink", "lo_close", "ts_stat"}
)
_NUMBER = re.compile(r"\d[\d_]*(?:\.[\d_]*)?(?:e\d*)?|0[xob][\da-f_]+", re.ASCII | re.IGNORECASE)
# What follows these is a name with a list of columns, or a type: `AS t(a, b)`, `CAST(x AS numeric(2))`.
_NAMING = frozenset({"as", "with", "recursive"})
# What stands between two of something and can name a function, too.
_INFIX = frozenset({"join", "ilike"})


def pure(sql: str) -> bool:
    """Whether `sql` is one SELECT, VALUES, TABLE or WITH of which every call is known to be unobservable.

    It judges by the text alone and rather says no. What hides in a view, a cast, an operator, a function named like one of
    PostgreSQL's own, or one that is written like a column (`t.f` for `f(t)`) cannot be seen from here; so nothing is ever run a
    second time but in a read-only transaction.
    """
    if len(sql) > LONGEST:
        return False
    grammar = _grammar()
    position = 0
    started = False
    before = last = ""  # the last two tokens, as `_harmless` has them
    while match := grammar.search(sql, position):
        position = match.end()
        kind, token = match.lastgroup, match[0]
        if kind == "comment":
            continue
        if kind == "nesting":
            position = end_of_comment(sql, position)
            continue
        if token == ";":
            return started and not sql[position:].strip()
        if kind in ("text", "word") and last == "." and _computed(before):
            return False  # `('s'::regclass).nextval` is a call
        harmless = _harmless(kind, token)
        if harmless is None:
            return False
        token = harmless
        if not started:
            if token in _STARTS:
                started = True
            elif token != "(":
                return False
        elif token == "(" and not _callable(before, last):
            return False
        before, last = last, token
    return started


def _harmless(kind: str | None, token: str) -> str | None:
    """What to remember of a token: a name in lower case, of a string and a quoted name the quote alone. None where it must not stand."""
    if kind == "text":
        return token[0] if _plain(token) else None
    if kind == "word":
        # As PostgreSQL: other letters are not made small, and the sign of the kelvin is no k.
        word = (token.lower() if token.isascii() else token).rpartition(".")[2].strip()
        return None if word in _NEVER or word in _FIELDS or (word.startswith("pg_") and word not in PURE) else word
    if kind == "figure":
        return token if _NUMBER.fullmatch(token) else None  # before PostgreSQL 15 `1into t` is `1 INTO t`
    return token if token.isascii() else None  # PostgreSQL takes other letters for a part of a name


def _callable(before: str, last: str) -> bool:
    """Whether an opening parenthesis behind these two tokens calls nothing, or something harmless."""
    if before == ".":
        return False  # a function of some schema: `pg_catalog.` is part of the token
    if last[0].isalpha() or last[0] == "_":
        if before in _NAMING:
            return True
        allowed = GRAMMAR.get(last)
        return last in PURE if allowed is None else before in allowed or (last in _INFIX and _operand(before))
    return before in _NAMING if last == '"' else last not in (")", "]", "'", "$")


def _operand(token: str) -> bool:
    """Whether a value or a table may end with this token, so that what follows is no call."""
    return token in (")", '"') or ((token[:1].isalpha() or token[:1] == "_") and token not in PURE)


def _computed(token: str) -> bool:
    """Whether what stands before a dot is a value and not the name of a table. Then a function may stand behind it."""
    return token in (")", "]") or token.startswith("$")


def _plain(text: str) -> bool:
    """Whether a string or quoted name means the same in every session, and is none of what tells sessions apart."""
    if text[0] in "eE$":
        return True
    # With standard_conforming_strings off a backslash would make it end elsewhere; behind U& it writes any letter.
    return "\\" not in text and not (text[0] == '"' and (text[:4].lower() == '"pg_' or text[1:-1] in _FIELDS))


@cache
def _grammar() -> re.Pattern[str]:
    return re.compile(
        rf"""
        {POSTGRESQL}
      | (?P<native> \$\d+ )
      | (?P<figure> \d[\w.]* )
      | (?P<word> (?: pg_catalog \s* \. \s* )? [^\W\d][\w$]* )
      | (?P<mark> [^\ \t\n\r\f\v\w] )
        """,
        re.VERBOSE | re.DOTALL | re.IGNORECASE,
    )
