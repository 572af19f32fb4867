"""The words and placeholders of an SQL text: what stands in strings, comments and quoted names is neither."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from ferrow.lexical import GRAMMARS, database, end_of_comment

_NATIVE = {"postgresql": r"\$\d+", "sqlite": r"\?\d* | [$@]\w+", "mysql": r"\?\d*"}
_ANYWHERE = r"""
    (?P<percent> %% )
  | (?P<format> %s (?!\w) )
  | (?P<pyformat> %\( [^()]+ \)s )
  | (?P<cast> ::+ | := )
  | (?P<numeric> :\d+ (?!\w) )
  | (?P<named> :[^\W\d]\w* )
  | (?P<word> [^\W\d][\w$]* )
  | (?P<figure> \d[\w.]* )
  | (?P<open> [(\[] )
  | (?P<close> [)\]] )
"""

_PLACEHOLDERS = ("native", "numeric", "named", "format", "pyformat")
_COLONS = ("numeric", "named")


class Token(NamedTuple):
    """A placeholder, or a bare word outside parentheses."""

    kind: str
    """`word`, or the style of a placeholder: `native`, `numeric` (`:1`), `named` (`:name`), `format` (`%s`), `pyformat` (`%(name)s`)."""
    text: str
    start: int
    end: int


@cache
def _grammar(reading: str) -> re.Pattern[str]:
    # Compiled for the first cursor: it takes milliseconds, which most programs that import the driver need not pay.
    return re.compile(
        f"{GRAMMARS[reading]} | (?P<native> {_NATIVE[database(reading)]} ) | {_ANYWHERE}", re.VERBOSE | re.DOTALL
    )


def tokens(sql: str, reading: str) -> Iterator[Token]:
    """The placeholders and outer words of a statement, in order, as a session of this reading finds them (see `lexical.GRAMMARS`).

    PostgreSQL: the colon of a slice (`a[1:2]`, `a[:n]`) begins no placeholder, so in a subscript one stands in parentheses; operators
    that hold `?` or `%` are left alone.
    """
    grammar = _grammar(reading)
    brackets: list[str] = []
    # Kind of what came last. After an operand `[` begins a subscript; after a literal a colon is punctuation (`'key':1`).
    last = ""
    position = 0
    while match := grammar.search(sql, position):
        kind = match.lastgroup or ""
        text = match[0]
        if sql[position : match.start()].strip():
            last = ""
        position = match.end()
        if kind == "comment":
            continue
        if kind == "nesting":
            position = end_of_comment(sql, position)
            continue
        if kind == "open":
            subscript = text == "[" and last in ("word", "literal")
            brackets.append("slice" if subscript else text)
            last = ""
        elif kind == "word":
            last = "" if text.upper() == "ARRAY" else "word"
            if not brackets:
                yield Token(kind, text, match.start(), position)
        elif kind in ("cast", "percent"):
            last = ""
        else:
            if kind == "close" and brackets:
                brackets.pop()
            punctuation = kind in _COLONS and (last == "literal" or brackets[-1:] == ["slice"])
            if kind in _PLACEHOLDERS and not punctuation:
                yield Token(kind, text, match.start(), position)
            last = "literal"
