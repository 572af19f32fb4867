"""What a wire asks of a driver, and what a driver of no peculiarities answers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from ferrow._core import Result, Shape
from ferrow.errors import DatabaseError
from ferrow.wire.dbapi.kept import KeptCursor
from ferrow.wire.dbapi.rewritten import many_rows
from ferrow.wire.ends import transaction_end

if TYPE_CHECKING:
    from ferrow._core import Kinds
    from ferrow.abc import Params, WireCursor

_TUPLES = Shape.tuples()
_ROWS = 500
_VALUES = 15_000
"""How many rows, and values, one statement takes at most: every database takes as many."""


class Driver(ABC):
    """One connection of some driver. Its coroutines suspend only where the driver's own do.

    What it raises is ours, with the driver's error as its cause.
    """

    dialect: str
    """What a wire calls the database."""
    name: str
    """What the driver is called in messages."""
    awaits = False
    """Whether it belongs to an event loop."""
    own_thread = False
    """Whether it has a thread of its own, in which alone it can be used."""
    cancels = False
    """Whether `cancel` does anything."""
    insists = False
    """Whether `cancel` may be repeated: it never hits what comes next."""
    by_task = False
    """Whether what runs ends when its task is cancelled, and `cancel` has nothing to do."""
    flat = False
    """Whether `run_many` takes FlatRows as well."""
    direct = False
    """Whether it has `reads` and `read`, which the blocking engine calls without a coroutine (`engine/direct.py`)."""
    together = True
    """Whether it has nothing better for an INSERT of many rows than one with all of them."""

    conn: Any

    # --- state -------------------------------------------------------------------------------------------------------

    @abstractmethod
    def in_transaction(self) -> bool:
        """Whether a transaction is open on the connection, whoever began it."""

    def begun(self) -> bool:
        """Whether the program has begun one; where there always is one, whether it has written in it. It may ask the database."""
        return self.in_transaction()

    async def inside(self) -> bool:
        """As `begun`, of a connection that the program may have used itself."""
        return self.begun()

    def failed(self) -> bool:
        """Whether nothing but a rollback is possible in it."""
        return False

    @property
    @abstractmethod
    def closed(self) -> bool:
        """Whether the connection is closed."""

    @property
    def implicit(self) -> bool:
        """Whether a statement begins a transaction by itself that has to be committed."""
        return False

    @property
    def version(self) -> str:
        """What the server calls its version."""
        return ""

    @property
    def reading(self) -> str:
        """As `Wire.reading`, as far as the driver tells."""
        return self.dialect

    @property
    def pid(self) -> int | None:
        """The number of the server process."""
        return None

    # --- statements --------------------------------------------------------------------------------------------------

    async def setup(self) -> None:  # noqa: B027  # most have nothing to do
        """Prepare the connection, once."""

    @abstractmethod
    async def run(self, sql: str, params: Params, shape: Shape, kinds: Kinds | None) -> Result:
        """Run one statement, in our placeholders, and read all it gives."""

    def steps(self, sql: str) -> int:
        """How many statements are sent for one: more than one have an effect together, or none."""
        return 1

    async def run_many(self, sql: str, rows: Sequence[Sequence[Any]], shape: Shape, kinds: Kinds | None) -> Result:
        """Run one statement for each of several rows; inside a transaction."""
        many = many_rows(sql, self.dialect) if self.together and len(rows) > 1 else None
        if many is None or not many.fits(rows):
            return joined([await self._numbered(sql, row, place, shape, kinds) for place, row in enumerate(rows, 1)])
        width = len(many.marks) - 1
        size = max(1, min(_ROWS, _VALUES // width))
        results = []
        for start in range(0, len(rows), size):
            some = rows[start : start + size]
            repeated = None if kinds is None else self.repeated(kinds, len(some))
            flat = [value for row in some for value in row]
            results.append(await self.run(many.of(len(some), self.dialect), flat, shape, repeated))
        return joined(results)

    def repeated(self, kinds: Kinds, count: int) -> Kinds:
        """The kinds of several rows."""
        return type(kinds)(kinds.names * count)

    async def _numbered(self, sql: str, row: Sequence[Any], place: int, shape: Shape, kinds: Kinds | None) -> Result:
        try:
            return await self.run(sql, row, shape, kinds)
        except DatabaseError as error:
            error.row = place
            error.add_note(f"in row {place}")
            raise

    @abstractmethod
    async def say(self, sql: str) -> None:
        """Run one statement without parameters, and drop its rows."""

    @abstractmethod
    def split(self, sql: str) -> Iterable[str]:
        """The statements of a script, as far as they have to be said one by one."""

    def ends(self, sql: str, several: bool) -> str | None:
        """The command of a statement, or of one of `several`, that begins or ends a whole transaction."""
        if several and self.dialect != "postgresql" and ";" in sql:
            return next(
                filter(None, (transaction_end(self.reading, text, version=self.version) for text in self.split(sql))),
                None,
            )
        return transaction_end(self.reading, sql, several, self.version)

    def guard(self, begins: str, lost: Callable[[], None] | None = None) -> None:  # noqa: B027
        """A block has begun a transaction by this text, or ends it (no text); `lost` is called when a statement has, unseen."""

    @property
    def divided(self) -> bool:
        """Whether the last statement has committed the transaction of a block, which goes on in another one."""
        return False

    def check_joined(self, statements: Sequence[str]) -> None:  # noqa: B027
        """Raise ProgrammingError if one would commit a transaction of the program's, which a batch is to be a part of."""

    async def alone(self, on: bool) -> None:  # noqa: B027
        """What follows begins no transaction by itself (`on`), or as the program has set it again."""

    async def commit(self) -> None:
        """Commit what a statement has begun by itself."""
        await self.say("COMMIT")

    async def rollback(self) -> None:
        """Undo what a statement has begun by itself."""
        await self.say("ROLLBACK")

    async def open_cursor(self, sql: str, params: Params, shape: Shape, kinds: Kinds | None) -> WireCursor:
        """Run one statement whose rows are taken in pieces. Most drivers have read them all by then."""
        return KeptCursor(await self.run(sql, params, shape, kinds))

    def cancel(self) -> None:  # noqa: B027
        """End what runs, from any thread; without a way to, its end is waited for."""

    async def close(self) -> None:
        """Close the connection."""
        self.conn.close()


def joined(results: Sequence[Result]) -> Result:
    """One result of several of the same statement."""
    if len(results) == 1:
        return results[0]
    affected = sum(max(0, result.rowcount) for result in results)
    if not results or not results[-1].columns:
        return Result.shaped((), _TUPLES, (), rowcount=affected, last_rowid=results[-1].last_rowid if results else None)
    first = results[0]
    whole = Result.shaped((), _TUPLES, first.columns, rowcount=affected)
    for result in results:
        whole.rows.extend(result.rows)
    return whole
