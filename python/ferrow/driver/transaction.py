"""Transactions; a transaction inside a transaction is a savepoint."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self

from ferrow.abc import Status
from ferrow.driver.bulk import AsyncBulk
from ferrow.driver.ending import commit, rollback, undone
from ferrow.driver.isolation import LAZY, begin_sql
from ferrow.driver.setup import isolate, restrict
from ferrow.driver.single import Single
from ferrow.driver.transaction_savepoints import AsyncSavepointing
from ferrow.driver.transaction_statements import AsyncInside
from ferrow.errors import (
    CommitUnknown,
    DatabaseError,
    InterfaceError,
    OperationalError,
    ProgrammingError,
    QueryTimeout,
)
from ferrow.wire.deadline import SETTLE, limit

if TYPE_CHECKING:
    from ferrow.abc import World
    from ferrow.driver.connection import AsyncConnection
    from ferrow.driver.isolation import Isolation


class AsyncTransaction(AsyncInside, AsyncSavepointing, AsyncBulk, Single):
    """A unit of work on one connection: all of it happens or none of it.

    Made by `conn.transaction()`, where the options are explained, and `conn.begin()`. `async with conn.transaction() as tx`
    commits at the end and rolls back on any exception. Statements of the connection itself run inside it too.

    Raises:
        ProgrammingError: on use after its end.
        CommitUnknown: when the answer to COMMIT was lost.
    """

    __slots__ = (
        "_begin",
        "_begun",
        "_committed",
        "_conn",
        "_lazy",
        "_patience",
        "_readonly",
        "_refusing",
        "_savepoint",
        "_state",
        "_taken_along",
    )

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
        self._readonly = readonly
        self._lazy = False  # a transaction of one statement, which takes the locks it needs by itself
        self._patience = SETTLE  # seconds that its rollback may take, before the connection is dropped
        self._savepoint: str | None = None
        self._savepoints = None
        self._begun = -1  # how many requests the connection had made when it began
        self._committed: bool | None = None  # None: it is open, or nobody knows
        self._refusing = False  # SQLite refuses writes until told otherwise
        self._state: Literal["new", "active", "done"] = "new"
        self._taken_along = False  # a block around it has ended before its own, and undone it

    async def start(self, timeout: float | None = None) -> None:
        """Begin, or set the savepoint, within `timeout` seconds as for `query`. Raises ProgrammingError when started before."""
        if self._state != "new":
            raise ProgrammingError("a transaction object is used once; call transaction() for another one")
        stack = self._conn._stack
        sql = self._first_words(len(stack))
        # Counted as open from the moment BEGIN is on its way: whoever gives up here has something to roll back.
        stack.append(self)
        self._state = "active"
        try:
            wire = self._conn.wire
            if self._savepoint is None:
                await wire.begin(sql, timeout, guarded=True)
            else:
                await wire.script(sql, timeout)
            self._begun = wire.requests
        except InterfaceError:
            # Refused on this side, because of a stream, a COPY or the end of the connection: nothing has begun here, and what is
            # under way is somebody else's.
            if self in stack:
                self._pop()
            raise
        except QueryTimeout as error:
            if self in stack:
                self._pop()
            # A savepoint that is set late belongs to the transaction around it; a transaction begun late belongs to nobody.
            begun = self._conn._wire
            if self._savepoint is None and error.sent and begun is not None:
                await rollback(begun, False, self._patience)
            raise
        except BaseException as error:
            if self not in stack:
                raise  # the transaction around it has ended meanwhile and taken it along
            try:
                await self._abandon()
            except DatabaseError as failed:
                # A savepoint that was not set cannot be rolled back to; a cancellation must stay one all the same.
                error.add_note(f"the rollback failed too: {failed}")
            raise

    def _first_words(self, depth: int) -> str:
        """What begins it, or sets the savepoint that a transaction inside of so many others is."""
        if depth:
            if self._begin != (None, False, False):
                raise ProgrammingError("options belong to the outermost transaction; a nested one is a savepoint")
            self._savepoint = f"ferrow_{depth}"
            return f"SAVEPOINT {self._savepoint}"
        if self._conn.status is not Status.IDLE:
            raise ProgrammingError(
                "the connection is already in a transaction that a cursor or a SQL statement began; end it first, with "
                "conn.commit() or conn.rollback()"
            )
        return LAZY[self._conn.dialect] if self._lazy else begin_sql(self._conn.dialect, *self._begin)

    async def commit(self, *, timeout: float | None = None) -> None:
        """Make the work permanent (a nested transaction: keep it as part of the outer one).

        Args:
            timeout: seconds, as for `query`.

        Raises:
            OperationalError: an earlier statement in it failed; everything was rolled back.
            CommitUnknown: the connection was lost, or `timeout` passed, before COMMIT was answered.
            ProgrammingError: it was not started, or has ended, or a nested one is open inside it.
            InterfaceError: `timeout` is not positive. The transaction goes on.
        """
        wire = self._check().wire
        limit(timeout, None)  # before it counts as ended
        if self._conn._stack[-1] is not self:
            raise ProgrammingError(
                "a nested transaction is open inside this one, of another task or thread perhaps, and would be committed half done: end it first"
            )
        status = wire.status
        if status is Status.IDLE:
            self._pop()
            raise ProgrammingError(
                "there was nothing left to commit: a statement in the transaction has ended it, and what came after that was committed statement "
                "by statement. Leave COMMIT, ROLLBACK and their kind to commit(), rollback() and the end of the block"
            )
        if status is Status.FAILED:
            await self.rollback()
            raise OperationalError(
                "the transaction was not committed: an earlier statement in it failed and everything was rolled back. "
                "Let the error leave the transaction block, or run what may fail in a nested transaction()"
            )
        self._pop()
        if self._savepoint is not None:
            await wire.script(f"RELEASE SAVEPOINT {self._savepoint}", timeout)
            self._committed = True
            return
        try:
            await commit(wire, self._refusing, self._world(), timeout)
        except DatabaseError as error:
            self._committed = None if isinstance(error, CommitUnknown) else False
            raise
        self._committed = True

    async def rollback(self) -> None:
        """Undo the work. Runs to its end even if the caller is cancelled meanwhile. Raises ProgrammingError if it has ended."""
        self._check()
        await self._abandon()

    async def _abandon(self) -> None:
        wire = self._conn._wire
        self._committed = False
        self._pop()
        if wire is None or wire.closed:
            return  # the server rolls back what a lost connection left
        world = self._world()
        if self._savepoint is None:
            await world.finish(rollback(wire, self._refusing, self._patience))
        else:
            name = self._savepoint
            sql = f"ROLLBACK TO SAVEPOINT {name}; RELEASE SAVEPOINT {name}"
            await world.finish(undone(wire, sql, self._patience))

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

    async def set_isolation_level(self, level: Isolation) -> None:
        """Set the isolation level, before the first statement. SQLite, always serializable, accepts every level and keeps its own.

        Args:
            level: as for `transaction`.

        Raises:
            DataError: an unknown level.
            NotSupportedError: on MariaDB and MySQL, which take it before a transaction begins: `transaction(isolation=...)`.
            ProgrammingError: a statement was made already, the transaction is nested, or it has ended.
        """
        await isolate(self, level)

    async def set_read_only(self, readonly: bool) -> None:
        """Refuse writes from here on, or allow them (only before the first statement).

        Raises:
            DataError: `readonly` is not a bool.
            NotSupportedError: on MariaDB and MySQL, as for `set_isolation_level`.
            ProgrammingError: `False` after a statement, the transaction is nested, or it has ended.
        """
        await restrict(self, readonly)

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
            if self._taken_along and error is None:
                raise ProgrammingError(
                    "the transaction around this one has ended before it: what both did was rolled back"
                )
            return  # ended by hand inside the block
        inside = self._conn._stack[self._conn._stack.index(self) + 1 :]
        if error is None and not inside:
            await self.commit()
            return
        for one in inside:
            one._taken_along = True
        if error is None:
            await self._abandon()
            raise ProgrammingError(
                "the transaction was not committed, but rolled back: a nested one was still open inside it, of another task or thread, by begin() "
                "without an end, or of an async generator that was left early (contextlib.aclosing ends it). Tasks and threads that have "
                "transactions at the same time need connections of their own: those of an engine"
            )
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
