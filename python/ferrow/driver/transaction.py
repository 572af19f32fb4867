"""Transactions; a transaction inside a transaction is a savepoint."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self, TypeAlias

from ferrow._core import Shape
from ferrow.abc import Status
from ferrow.driver.bulk import AsyncBulk
from ferrow.driver.one import exactly_one
from ferrow.errors import (
    CommitUnknown,
    ConnectionLost,
    DatabaseError,
    DataError,
    OperationalError,
    ProgrammingError,
    nearest,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ferrow._core import Kinds, Result, Row
    from ferrow.abc import Params, World
    from ferrow.driver.connection import AsyncConnection

Isolation: TypeAlias = Literal[
    "read uncommitted",
    "read committed",
    "repeatable read",
    "serializable",
    "READ UNCOMMITTED",
    "READ COMMITTED",
    "REPEATABLE READ",
    "SERIALIZABLE",
]

_LEVELS = ("READ UNCOMMITTED", "READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE")
_ROWS = Shape.rows()


class AsyncTransaction(AsyncBulk):
    """A unit of work on one connection: all of it happens or none of it.

    Made by `conn.transaction()`, where the options are explained, and `conn.begin()`. `async with conn.transaction() as tx`
    commits at the end and rolls back on any exception. Statements of the connection itself run inside it too.

    Raises:
        ProgrammingError: on use after its end.
        CommitUnknown: when the answer to COMMIT was lost.
    """

    __slots__ = ("_begin", "_conn", "_lazy", "_savepoint", "_state")

    def __init__(
        self,
        conn: AsyncConnection,
        *,
        isolation: str | None = None,
        readonly: bool = False,
        deferrable: bool = False,
    ) -> None:
        self._conn = conn
        self._begin = (isolation, readonly, deferrable)
        self._lazy = False  # a transaction of one statement, which takes the locks it needs by itself
        self._savepoint: str | None = None
        self._state: Literal["new", "active", "done"] = "new"

    async def start(self) -> None:
        """Begin, or set the savepoint. Raises ProgrammingError when started before."""
        if self._state != "new":
            raise ProgrammingError("a transaction object is used once; call transaction() for another one")
        stack = self._conn._stack
        if stack:
            if self._begin != (None, False, False):
                raise ProgrammingError("options belong to the outermost transaction; a nested one is a savepoint")
            self._savepoint = f"ferrow_{len(stack)}"
            sql = f"SAVEPOINT {self._savepoint}"
        else:
            if self._conn.status is not Status.IDLE:
                raise ProgrammingError(
                    "the connection is already in a transaction that was begun by a SQL statement; end it first"
                )
            sql = LAZY[self._conn.dialect] if self._lazy else begin_sql(self._conn.dialect, *self._begin)
        # Counted as open from the moment BEGIN is on its way: whoever gives up here has something to roll back.
        stack.append(self)
        self._state = "active"
        try:
            await self._conn.script(sql)
        except BaseException as error:
            try:
                await self._abandon()
            except DatabaseError as failed:
                # A savepoint that was not set cannot be rolled back to; a cancellation must stay one all the same.
                error.add_note(f"the rollback failed too: {failed}")
            raise

    async def commit(self) -> None:
        """Make the work permanent (a nested transaction: keep it as part of the outer one).

        Raises:
            OperationalError: an earlier statement in it failed; everything was rolled back.
            CommitUnknown: the connection was lost before COMMIT was answered.
            ProgrammingError: it was not started, or has ended.
        """
        wire = self._check().wire
        if wire.status is Status.FAILED:
            await self.rollback()
            raise OperationalError(
                "the transaction was not committed: an earlier statement in it failed and everything was rolled back. "
                "Let the error leave the transaction block, or run what may fail in a nested transaction()"
            )
        self._pop()
        if self._savepoint is not None:
            await wire.script(f"RELEASE SAVEPOINT {self._savepoint}")
            return
        try:
            await wire.script("COMMIT")
        except ConnectionLost as lost:
            raise CommitUnknown(
                "the connection was lost before COMMIT was answered: the transaction may or may not be committed. "
                "Check for its effect before repeating it"
            ) from lost
        except DatabaseError:
            if wire.status is not Status.IDLE:
                await wire.script("ROLLBACK")  # SQLite keeps a transaction open whose COMMIT failed
            raise
        except BaseException as error:
            # Of a caller that is cancelled here COMMIT may never have been sent, or may have been cancelled too.
            try:
                await self._world().finish(_rollback(wire))
            except DatabaseError as failed:
                error.add_note(f"the rollback failed too: {failed}")
            raise

    async def rollback(self) -> None:
        """Undo the work. Runs to its end even if the caller is cancelled meanwhile. Raises ProgrammingError if it has ended."""
        self._check()
        await self._abandon()

    async def _abandon(self) -> None:
        wire = self._conn._wire
        self._pop()
        if wire is None or wire.closed:
            return  # the server rolls back what a lost connection left
        world = self._world()
        if self._savepoint is None:
            await world.finish(_rollback(wire))
        else:
            name = self._savepoint
            await world.finish(wire.script(f"ROLLBACK TO SAVEPOINT {name}; RELEASE SAVEPOINT {name}"))

    def _world(self) -> World:
        world = self._conn._world
        assert world is not None
        return world

    def _pop(self) -> None:
        """Leave the stack together with whatever was left open inside."""
        stack = self._conn._stack
        index = stack.index(self)
        for transaction in stack[index:]:
            transaction._state = "done"
        del stack[index:]

    def _check(self) -> AsyncConnection:
        if self._state == "active":
            return self._conn
        if self._state == "new":
            raise ProgrammingError("the transaction was not started: open a block with it, or get one from begin()")
        raise ProgrammingError("Transaction is already committed or rolled back")

    def _conn_here(self) -> AsyncConnection:
        return self._check()

    def is_active(self) -> bool:
        """Whether the transaction was started and neither committed nor rolled back."""
        return self._state == "active"

    @property
    def connection(self) -> AsyncConnection:
        """The connection it runs on."""
        return self._conn

    async def run(self, sql: str, params: Params, shape: Shape, kinds: Kinds | None = None) -> Result:
        """As `AsyncConnection.run`, inside the transaction."""
        return await self._check().wire.run(sql, params, shape, kinds)

    async def run_many(
        self, sql: str, rows: Sequence[Sequence[Any]], shape: Shape, kinds: Kinds | None = None
    ) -> Result:
        """As `AsyncConnection.run_many`, inside the transaction."""
        return await self._check().wire.run_many(sql, rows, shape, kinds)

    async def query(self, sql: str, params: Params = None) -> list[Row]:
        """Run a statement and return all its rows."""
        return (await self._check().wire.run(sql, params, _ROWS)).rows

    async def query_one(self, sql: str, params: Params = None) -> Row:
        """Run a statement that returns exactly one row. Raises NoResultFound or MultipleResultsFound."""
        rows: list[Row] = (await self._check().wire.run(sql, params, _ROWS)).rows
        return exactly_one(rows, sql)

    async def execute(self, sql: str, params: Params = None) -> int:
        """Run a statement and return the number of rows it affected; 0 for statements that do not count rows."""
        return max(0, (await self._check().wire.run(sql, params, _ROWS)).rowcount)

    async def script(self, sql: str) -> None:
        """Run several statements, separated by semicolons, without parameters and without results."""
        await self._check().wire.script(sql)

    def transaction(self) -> AsyncTransaction:
        """A savepoint for a block: `async with tx.transaction()`. An exception undoes the block and nothing else."""
        return self._check().transaction()

    async def __aenter__(self) -> Self:
        if self._state == "new":
            await self.start()
        else:
            self._check()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._state != "active":
            return  # ended by hand inside the block
        if error is None:
            await self.commit()
            return
        try:
            await self._abandon()
        except DatabaseError as failed:
            # What the block raised matters more; a connection that cannot roll back is of no use any more.
            error.add_note(f"the rollback failed too: {failed}")
            if self._conn._wire is not None:
                self._conn._wire.abort()

    def __repr__(self) -> str:
        kind = "transaction" if self._savepoint is None else f"savepoint {self._savepoint}"
        return f"<{type(self).__name__} {kind} {self._state}>"


async def _rollback(wire: Any) -> None:
    # A BEGIN that failed or was never sent leaves nothing to undo, and SQLite calls a ROLLBACK without a transaction an error.
    if wire.busy:
        await wire.settle(5.0)
    if not wire.closed and wire.status is not Status.IDLE:
        await wire.script("ROLLBACK")


LAZY = {"postgresql": "BEGIN", "sqlite": "BEGIN DEFERRED"}


def begin_sql(dialect: str, isolation: str | None, readonly: bool, deferrable: bool) -> str:
    """The statement that begins a transaction; every word of it comes from here."""
    level = None if isolation is None else isolation.upper()
    if level is not None and level not in _LEVELS:
        raise DataError(f"unknown isolation level {isolation!r}. {nearest(level, _LEVELS)}")
    if dialect == "sqlite":
        # A transaction that begins DEFERRED and writes later can fail with SQLITE_BUSY where waiting would not help.
        return "BEGIN READ ONLY" if readonly else "BEGIN IMMEDIATE"
    words = ["BEGIN"]
    if level is not None:
        words.append(f"ISOLATION LEVEL {level}")
    if readonly:
        words.append("READ ONLY")
    if deferrable:
        words.append("DEFERRABLE")
    return " ".join(words)
