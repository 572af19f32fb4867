"""Many rows for one plain INSERT go as arrays: one statement for a thousand rows in place of a thousand executions of one.

The server spends most of an execution on what surrounds the row. PEP 249 provides for it ("array operations"). What can be seen of
it: triggers FOR EACH STATEMENT run once per thousand rows. Rows that are returned come in the order of those that were sent: nothing
in such a statement has another one, and the server returns each row when it has inserted it.
"""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from time import monotonic
from typing import TYPE_CHECKING, Any, NamedTuple

from ferrow._core import Row, columns
from ferrow.abc import Status
from ferrow.errors import DatabaseError, OperationalError, QueryTimeout
from ferrow.wire.deadline import late, left, limit

if TYPE_CHECKING:
    from ferrow._core import Kinds, Result, Shape

FEW = 50
"""With fewer rows there is little to gain."""

_PIECE = 1000
_SAVEPOINT = "ferrow_many"
_RELEASE = f"RELEASE SAVEPOINT {_SAVEPOINT}"

# The types of which an array's element is read as a parameter is, by object id (pg_type.dat).
_TYPES = {
    16: "bool",
    17: "bytea",
    20: "int8",
    21: "int2",
    23: "int4",
    25: "text",
    114: "json",
    700: "float4",
    701: "float8",
    1042: "bpchar",
    1043: "varchar",
    1082: "date",
    1083: "time",
    1114: "timestamp",
    1184: "timestamptz",
    1186: "interval",
    1266: "timetz",
    1700: "numeric",
    2950: "uuid",
    3802: "jsonb",
}

_STALE = frozenset({"0A000", "26000"})
"""SQLSTATEs of a server to which the statement has other columns by now, or that has none of this name: it is prepared anew next time."""

_NAME = r'(?:[^\W\d][\w$]*|"(?:[^"]|"")+")'
_PLAIN = re.compile(
    rf"\s*(INSERT\s+INTO\s+{_NAME}(?:\s*\.\s*{_NAME})*\s*(?:\(\s*{_NAME}(?:\s*,\s*{_NAME})*\s*\))?)"
    r"\s*VALUES\s*\(\s*(\$\d{1,5}(?:\s*,\s*\$\d{1,5})*)\s*\)"
    rf"\s*(RETURNING\s+(?:\*|{_NAME}(?:\s*,\s*{_NAME})*))?\s*;?\s*",
    re.IGNORECASE,
)

# Classes of SQLSTATE of which a row is the cause: 40 (deadlocks), 53, 57 and the like are not about a row, and are not asked for twice.
_ABOUT_ROWS = ("0A", "21", "22", "23", "27", "42", "44", "54", "P0")


class Plain(NamedTuple):
    """`INSERT INTO table (columns) VALUES ($1, $2) RETURNING columns`, and nothing else."""

    head: str
    """Up to the columns."""
    places: tuple[int, ...]
    """Which parameter goes to which column, counted from 1."""
    tail: str
    """From RETURNING on, if it is there."""

    def by_arrays(self, types: Sequence[int]) -> str | None:
        """The INSERT whose parameters are a column each; None if there is a type that does not go that way."""
        names = [_TYPES.get(oid) for oid in types]
        if len(names) != len(self.places) or None in names:
            return None
        columns = ", ".join(f"pg_catalog.unnest(${place}::pg_catalog.{names[place - 1]}[])" for place in self.places)
        return f"{self.head} SELECT {columns} {self.tail}".rstrip()


@lru_cache(256)
def plain(sql: str) -> Plain | None:
    """What the statement is made of, if each parameter is the value of one column."""
    found = _PLAIN.fullmatch(sql)
    if found is None:
        return None
    places = tuple([int(place.strip().removeprefix("$")) for place in found[2].split(",")])
    return Plain(found[1].rstrip(), places, found[3] or "") if sorted(places) == [*range(1, len(places) + 1)] else None


class Disturbed(Exception):
    """Another thread has been quicker."""


class ByArrays:
    """`run_many` of both PostgreSQL wires."""

    __slots__ = ()

    if TYPE_CHECKING:
        _limit: float | None
        """Seconds for a call that does not say."""

    async def run_many(
        self,
        sql: str,
        rows: Iterable[Sequence[Any]],
        shape: Shape,
        kinds: Kinds | None = None,
        timeout: float | None = None,
    ) -> Result:
        """As `Wire.run_many`."""
        # Rows that come from a generator could not be sent once more.
        if (type(rows) is list or type(rows) is tuple) and len(rows) >= FEW and (found := plain(sql)) is not None:
            types = await self._parameter_types(sql, timeout)
            if types is not None and (statement := found.by_arrays(types)) is not None and _even(rows, len(types)):
                return await self._at_once(sql, statement, rows, shape, timeout)
        return await self._one_by_one(sql, rows, shape, timeout)

    async def _at_once(
        self, sql: str, statement: str, rows: Sequence[Any], shape: Shape, timeout: float | None, *, again: bool = False
    ) -> Result:
        seconds = limit(timeout, self._limit)
        at = None if seconds is None else monotonic() + seconds
        # An error would end the transaction before it is known which row it is about.
        marked = again or self.status is Status.TRANSACTION
        before = f"ROLLBACK TO SAVEPOINT {_SAVEPOINT}" if again else f"SAVEPOINT {_SAVEPOINT}"
        requests = self.requests
        try:
            if not marked:
                return await self._one_by_one(statement, _pieces(rows), shape, seconds)
            return await self._between(before, statement, _pieces(rows), shape, seconds, after=_RELEASE)
        except QueryTimeout as error:
            if error.query == sql or seconds is None:
                raise
            raise late(seconds, sql, sent=error.sent) from None
        except DatabaseError as error:
            # What another thread did after the savepoint must not be undone with it. Nor may the rows go into a transaction that another
            # task or a stream has begun meanwhile, or outside of one that it has ended.
            since = self.requests
            disturbed = since > requests + 2 if marked else self.status is not Status.IDLE
            disturbed = disturbed or (marked and self.status is Status.IDLE)
            stale = marked and not again and error.sqlstate in _STALE
            if disturbed or not (stale or _is_about_a_row(error)):
                error.query = sql
                if error.executed and marked and not disturbed:
                    await self.script(_RELEASE, left(at))
                raise
            failure = error
        if stale:
            # The table has changed; or the transaction is another server's, behind a pooler. It stays that one's, and by now it is known
            # that names do not help.
            return await self._at_once(sql, statement, rows, shape, left(at), again=True)
        if marked:
            back = f"ROLLBACK TO SAVEPOINT {_SAVEPOINT}; {_RELEASE}"
            try:
                return await self._between(back, sql, rows, shape, left(at), since=since)
            except Disturbed:
                failure.query = sql
                raise failure from None
        return await self._one_by_one(sql, rows, shape, left(at))

    # --- the wire's ---------------------------------------------------------------------------------------------------

    @property
    @abstractmethod
    def status(self) -> Status:
        """As `Wire.status`."""

    @property
    @abstractmethod
    def requests(self) -> int:
        """As `Wire.requests`."""

    @abstractmethod
    async def script(self, sql: str, timeout: float | None = None) -> None:
        """As `Wire.script`."""

    @abstractmethod
    async def _parameter_types(self, sql: str, timeout: float | None) -> list[int] | None:
        """Object ids of the types of the statement's parameters; None if nothing says them in time."""

    @abstractmethod
    async def _one_by_one(self, sql: str, rows: Iterable[Sequence[Any]], shape: Shape, timeout: float | None) -> Result:
        """An execution per row."""

    @abstractmethod
    async def _between(
        self,
        before: str,
        sql: str,
        pieces: Iterable[Sequence[Any]],
        shape: Shape,
        seconds: float | None,
        *,
        since: int | None = None,
        after: str | None = None,
    ) -> Result:
        """An execution per piece, right after the script `before`; where all went well, and nobody came in between, the script `after`.

        Raises Disturbed, and sends nothing, where there were more requests than `since`.
        """


def _even(rows: Sequence[Any], width: int) -> bool:
    """Whether all rows are sequences of this length; the others are left to who says what is wrong with them."""
    return all(issubclass(kind, (tuple, list, Row)) for kind in {*map(type, rows)}) and {*map(len, rows)} == {width}


def _pieces(rows: Sequence[Any]) -> Iterator[list[Any]]:
    return (columns(rows[start : start + _PIECE]) for start in range(0, len(rows), _PIECE))


def _is_about_a_row(error: DatabaseError) -> bool:
    """Also what was refused here, before it was sent."""
    if error.executed or isinstance(error, OperationalError):
        return False  # the rows are inserted: a second attempt would insert them twice
    return error.sqlstate is None or error.sqlstate.startswith(_ABOUT_ROWS)
