"""Our placeholders become a driver's; a row of an INSERT becomes many.

Ours are `$1` on PostgreSQL and `?` or `?1` on SQLite. What stands in texts, quoted names and comments is left alone, except that the
styles with percent signs want them doubled everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from ferrow._core import FlatRows
from ferrow.errors import InterfaceError
from ferrow.lexical import GRAMMARS, database, end_of_comment

STYLES = ("qmark", "numeric", "named", "format", "pyformat")
_LONGEST = 20_000  # characters of a statement that is worth remembering
_NATIVE = {"postgresql": r"\$\d+", "sqlite": r"\?\d*", "mysql": r"\?\d*"}


class Rewritten(NamedTuple):
    """A statement as a driver takes it."""

    sql: str
    places: tuple[int, ...] | None
    """The 0-based number of the parameter of each placeholder; None where they come in order, each once."""
    named: bool
    """Whether parameters go by name: `p1`, `p2`."""

    def values(self, params: Any) -> Any:
        """The parameters in the order of the placeholders."""
        if self.named:
            return {f"p{number}": value for number, value in enumerate(params, 1)}
        return params if self.places is None else [params[place] for place in self.places]


def rewritten(sql: str, reading: str, style: str) -> Rewritten:
    """The statement in another style of placeholders. `reading`: see `lexical.GRAMMARS`."""
    return (_rewritten if len(sql) <= _LONGEST else _rewritten.__wrapped__)(sql, reading, style)


@lru_cache(maxsize=2048)
def _rewritten(sql: str, reading: str, style: str) -> Rewritten:
    if style not in STYLES:
        raise InterfaceError(f"paramstyle {style!r} is none of {', '.join(STYLES)}")
    percent = style in ("format", "pyformat")
    parts: list[str] = []
    places: list[int] = []
    start = 0
    for match in _marks(sql, reading):
        place = int(match[0][1:]) - 1 if match[0][1:] else len(places)
        between = sql[start : match.start()]
        parts += [between.replace("%", "%%") if percent else between, _mark(style, place)]
        places.append(place)
        start = match.end()
    rest = sql[start:]
    parts.append(rest.replace("%", "%%") if percent else rest)
    named = style in ("named", "pyformat")
    in_order = named or style == "numeric" or places == list(range(len(places)))
    return Rewritten("".join(parts), None if in_order else tuple(places), named)


def _mark(style: str, place: int) -> str:
    return {"qmark": "?", "numeric": f":{place + 1}", "named": f":p{place + 1}", "format": "%s"}.get(
        style, f"%(p{place + 1})s"
    )


def _marks(sql: str, reading: str, kind: str = "native") -> list[re.Match[str]]:
    """The placeholders, or what else is of this kind, in order."""
    grammar = _grammar(reading)
    found = []
    position = 0
    while match := grammar.search(sql, position):
        position = match.end()
        if match.lastgroup == "nesting":
            position = end_of_comment(sql, position)
        elif match.lastgroup == kind:
            found.append(match)
    return found


@lru_cache
def _grammar(reading: str) -> re.Pattern[str]:
    return re.compile(
        rf"{GRAMMARS[reading]} | (?P<native> {_NATIVE[database(reading)]} ) | (?P<end> ; )", re.VERBOSE | re.DOTALL
    )


def statements(sql: str, dialect: str) -> list[str]:
    """The statements of a script, which are separated by semicolons."""
    ends = [match.start() for match in _marks(sql, dialect, "end")]
    texts = [sql[start:end] for start, end in zip([0, *[end + 1 for end in ends]], [*ends, len(sql)], strict=True)]
    return [text.strip() for text in texts if text.strip()]


class ManyRows(NamedTuple):
    """An INSERT of one row in three pieces, so that its row can be repeated."""

    before: str
    marks: tuple[str, ...]
    """What stands between the placeholders of the row; one more than placeholders."""
    after: str

    def fits(self, rows: Sequence[Sequence[Any]]) -> bool:
        """Whether each row is a list or tuple with a value for each placeholder, so that they may be written one after the other."""
        return all(isinstance(row, list | tuple) and len(row) == len(self.marks) - 1 for row in rows)

    def flat(self, rows: Sequence[Sequence[Any]]) -> FlatRows | None:
        """The rows one after the other, if they fit."""
        width = len(self.marks) - 1
        if isinstance(rows, FlatRows):
            return rows if rows.width == width else None
        return FlatRows.of(rows if isinstance(rows, list) else [*rows], width)

    def of(self, count: int, dialect: str) -> str:
        """The statement for so many rows, whose parameters follow each other."""
        width = len(self.marks) - 1
        rows = []
        for row in range(count):
            parts = [self.marks[0]]
            for column, text in enumerate(self.marks[1:], 1):
                parts += [f"${row * width + column}" if dialect == "postgresql" else "?", text]
            rows.append("".join(parts))
        return f"{self.before}{', '.join(rows)}{self.after}"


_INSERT = re.compile(r"(INSERT INTO .+? VALUES )(\([^()]*\))(\s+RETURNING .*)?", re.DOTALL | re.IGNORECASE)


@lru_cache(maxsize=1024)
def many_rows(sql: str, dialect: str) -> ManyRows | None:
    """The INSERT, if its rows may come together: one row of nothing but parameters, and no ON CONFLICT, which is for each row by itself."""
    match = _INSERT.fullmatch(sql)
    if match is None or "'" in match[1] or any(mark.start() < match.start(2) for mark in _marks(sql, dialect)):
        return None
    row = match[2]
    marks = _marks(row, dialect)
    if not marks or any(mark[0][1:] not in ("", str(place)) for place, mark in enumerate(marks, 1)):
        return None
    if _marks(match[3] or "", dialect):
        return None
    ends = [0, *[mark.end() for mark in marks]]
    starts = [*[mark.start() for mark in marks], len(row)]
    texts = tuple([row[end:start] for end, start in zip(ends, starts, strict=True)])
    return ManyRows(match[1], texts, match[3] or "")
