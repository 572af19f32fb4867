"""SQL as it is written, whose placeholders may be `?`, `$1` or `:name` on every database."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from ferrow.driver.placeholders import translated
from ferrow.errors import ProgrammingError, miscounted
from ferrow.lexical import GRAMMARS, database, end_of_comment

if TYPE_CHECKING:
    from ferrow.abc import Params
    from ferrow.sql import Dialect

_NATIVE = {"postgresql": r"\$\d+", "sqlite": r"\$\d+ (?!\w)", "mysql": r"\$\d+ (?!\w)"}
_MARK = r"(?P<word> [^\W\d][\w$]* ) | (?P<mark> \? (?P<digits> \d* ) )"
_LONGEST = 20_000  # characters of a statement that is worth remembering


class Mark(NamedTuple):
    """A placeholder by position: `?` has no number, `?2` and `$2` have."""

    start: int
    end: int
    number: int | None
    text: str


def native(sql: str, params: Params, dialect: Dialect, reading: str) -> tuple[str, Params]:
    """The statement with the dialect's own placeholders, and its parameters in their order.

    A list goes with `?` or `$1`, a mapping with `:name`. Nothing in texts, quoted names, comments and casts (`::int`) is a
    placeholder, by the `reading` of the session (see `lexical.GRAMMARS`). Without parameters the statement is left as it is.

    Raises:
        ProgrammingError: another number of parameters than placeholders, missing or extra names, `?` and `$1` in one statement.
    """
    if isinstance(params, Mapping):
        return _named(sql, params, dialect, reading)
    # What is no sequence at all is left to the core, which says so.
    if not params or not isinstance(params, Sequence) or not isinstance(sql, str):
        return sql, params
    if "?" not in sql and (dialect.placeholder(1).startswith("$") or "$" not in sql):
        return sql, params
    number = _numbered if len(sql) <= _LONGEST else _numbered.__wrapped__
    text, count = number(sql, dialect, reading)
    if count is not None and count != len(params):
        msg = miscounted(count, len(params), "?")
        if dialect.placeholder(1).startswith("$"):
            msg += (
                ". If one of them is an operator (jsonb ? key), write the placeholders as "
                f"{dialect.placeholder(1)}, {dialect.placeholder(2)}, ..."
            )
        raise ProgrammingError(msg)
    return text, params


def _named(sql: str, params: Mapping[str, Any], dialect: Dialect, reading: str) -> tuple[str, Params]:
    if not isinstance(sql, str) or not params:
        return sql, params or None
    found = translated(reading, sql, params)
    if found.names is not None:
        return found.sql, found.values(params)
    first = next((mark.text for mark in _marks(sql, reading)), None)
    if dialect.placeholder(1).startswith("$") or (first or "").startswith("?"):
        said = f"takes {first} by position" if first else "has no placeholder :name"
        msg = f"parameters by name were given ({', '.join(params)}), and the statement {said}: {sql}"
        raise ProgrammingError(msg)
    return sql, params  # SQLite's own @name and $name


@lru_cache(1024)
def _numbered(sql: str, dialect: Dialect, reading: str) -> tuple[str, int | None]:
    """The text with numbered placeholders, and how many there must be; None if that is left to the database."""
    marks = list(_marks(sql, reading))
    if not any(mark.number is None for mark in marks):
        # All have numbers: as they are, but that SQLite counts $2 as the first one if it stands first.
        return _written(sql, marks, lambda mark: dialect.placeholder(mark.number or 0)), None
    if any(mark.number is not None and mark.text.startswith("$") for mark in marks):
        if dialect.placeholder(1).startswith("$"):
            return sql, None  # the question marks are operators
        msg = f"the statement mixes placeholders ? and $1; use one of them throughout: {sql}"
        raise ProgrammingError(msg)
    if any(mark.number is not None for mark in marks):
        return sql, None  # SQLite's ?1 and ? together: its own rules
    if dialect.placeholder(1).startswith("?"):
        return sql, len(marks)
    numbers = iter(range(1, len(marks) + 1))
    return _written(sql, marks, lambda mark: dialect.placeholder(next(numbers))), len(marks)


def _written(sql: str, marks: Sequence[Mark], placeholder: Callable[[Mark], str]) -> str:
    parts: list[str] = []
    end = 0
    for mark in marks:
        parts += (sql[end : mark.start], placeholder(mark))
        end = mark.end
    return "".join([*parts, sql[end:]])


@lru_cache
def _grammar(reading: str) -> re.Pattern[str]:
    return re.compile(
        f"{GRAMMARS[reading]} | (?P<native> {_NATIVE[database(reading)]} ) | {_MARK}", re.VERBOSE | re.DOTALL
    )


def _marks(sql: str, reading: str) -> Iterator[Mark]:
    """The placeholders by position, in order."""
    grammar = _grammar(reading)
    position = 0
    while match := grammar.search(sql, position):
        position = match.end()
        kind = match.lastgroup
        if kind == "nesting":
            position = end_of_comment(sql, position)
        elif kind == "native":
            yield Mark(match.start(), position, int(match[0][1:]), match[0])
        elif match["mark"]:
            digits = match["digits"] if reading == "sqlite" else ""
            end = match.start() + 1 + len(digits)
            yield Mark(match.start(), end, int(digits) if digits else None, sql[match.start() : end])
            position = end
