"""What stands where in a statement: its placeholders, and where one statement of several ends."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, lru_cache, partial
from typing import Any, NamedTuple

from ferrow.errors import DataError, ProgrammingError
from ferrow.hints import no_parameters, no_statement
from ferrow.lexical import GRAMMARS
from ferrow.wire.mysql.literals import listed, writer

_MARKS = r"""
    (?P<all> \?\*(?P<many>\d+) )
  | (?P<number> \?(?P<one>\d+) )
  | (?P<next> \? )
  | (?P<end> ; )
"""
_LONGEST = 20_000  # characters of a statement that is worth remembering


class Parsed(NamedTuple):
    """A statement in pieces: a text, a parameter's 0-based place, a text, ..."""

    texts: tuple[str, ...]
    places: tuple[tuple[int, bool], ...]
    """Of each placeholder: its parameter, and whether the elements of a list are to stand there."""
    takes: int
    """How many parameters it takes."""


def bound(sql: str, params: Any, kinds: Sequence[str] | None, *, own: bool = False, reading: str = "mysql") -> str:
    """The statement with its values. As `Binding`."""
    return Binding(sql, kinds, own=own, reading=reading).text(params)


class Binding:
    """A statement into which values are written, of as many rows as there are."""

    __slots__ = ("_before", "_class", "_own", "_slots", "_takes")

    def __init__(self, sql: str, kinds: Sequence[str] | None, *, own: bool = False, reading: str = "mysql") -> None:
        """`own`: in MySQL's words, which need not take all values; `reading`: see `lexical.GRAMMARS`. Raises ProgrammingError."""
        if not isinstance(sql, str):
            raise ProgrammingError(no_statement(sql))
        self._own = own
        self._class: type = tuple
        """Of which the last parameters were: to find out whether one is right takes as long as to write a row."""
        self._slots: list[tuple[int, Callable[[Any], str], str]] = []
        if "?" not in sql:
            self._before, self._takes = sql, 0
            return
        (self._before, *texts), places, self._takes = (_parsed if len(sql) <= _LONGEST else _parsed.__wrapped__)(
            sql, reading
        )
        for (place, many), after in zip(places, texts, strict=True):
            kind = kinds[place] if kinds is not None and place < len(kinds) else "any"
            write = partial(_own_listed if own else listed, kind=kind) if many else writer(kind)
            self._slots.append((place, write, after))

    def text(self, params: Any) -> str:
        """The statement with these values. Raises ProgrammingError for another number of them, DataError for one that does not fit."""
        if params is None:
            params = ()
        if type(params) is not self._class:
            if isinstance(params, Mapping) or not isinstance(params, Sequence) or isinstance(params, str | bytes):
                raise ProgrammingError(no_parameters(params))
            self._class = type(params)
        if self._takes != len(params) and not (self._own and self._takes < len(params)):
            raise ProgrammingError(f"the statement takes {self._takes} parameters, {len(params)} were given")
        parts = [self._before]
        place = 0
        try:
            for place, write, after in self._slots:
                parts += write(params[place]), after
        except DataError as error:
            reason = str(error)
            placed = DataError(f"parameter {place + 1}: {reason}")
            placed.parameter, placed.reason = place + 1, reason
            raise placed from error.__cause__
        return "".join(parts)


def _own_listed(value: Any, kind: str) -> str:
    return listed(value, kind, "CAST({} AS json)")


@cache
def _grammar(reading: str) -> re.Pattern[str]:
    return re.compile(f"{GRAMMARS[reading]} | {_MARKS}", re.VERBOSE | re.DOTALL)


@lru_cache(maxsize=1024)
def _parsed(sql: str, reading: str) -> Parsed:
    texts, places = [], []
    start = following = 0
    for match in _grammar(reading).finditer(sql):
        digits = match["many"] or match["one"]
        if match["next"]:
            place = following
            following += 1
        elif digits:
            place = int(digits) - 1
        else:
            continue
        if place < 0:
            raise ProgrammingError("placeholders count from ?1")
        texts.append(sql[start : match.start()])
        places.append((place, bool(match["many"])))
        start = match.end()
    texts.append(sql[start:])
    return Parsed(tuple(texts), tuple(places), max((place + 1 for place, _ in places), default=0))


def statements(sql: str, reading: Callable[[], str]) -> Iterator[str]:
    """The statements of a script, which are separated by semicolons. `reading` is asked for each: one may change that of the next."""
    start = 0
    while start < len(sql):
        ends = (match for match in _grammar(reading()).finditer(sql, start) if match["end"])
        found = next(ends, None)
        end = len(sql) if found is None else found.start()
        if text := sql[start:end].strip():
            yield text
        start = end + 1
