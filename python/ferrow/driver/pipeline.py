"""Pipelines: statements that are sent without waiting for the answers to those before them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Any, NoReturn, Self, cast

from ferrow._core import Shape
from ferrow.abc import Status
from ferrow.driver.ending import rollback
from ferrow.driver.given_rows import check_rows
from ferrow.driver.inside import leave_to_block
from ferrow.driver.one import exactly_one
from ferrow.driver.pending import AsyncPending
from ferrow.driver.pipeline_transaction import AsyncPipelineTransaction
from ferrow.driver.single import Single
from ferrow.errors import CommitUnknown, ConnectionLost, InterfaceError, ProgrammingError

if TYPE_CHECKING:
    from ferrow._core import Kinds, Result, Row
    from ferrow.abc import Params, Wire
    from ferrow.driver.connection import AsyncConnection
    from ferrow.driver.isolation import Isolation
    from ferrow.wire.pipelining import WirePending, WirePipeline

_ROWS = Shape.rows()


class AsyncPipeline(Single):
    """Queues statements; made by `conn.pipeline()`, where more is said."""

    __slots__ = ("_begins", "_commits", "_conn", "_inside", "_state", "_wire", "_wires", "borrowed")

    def __init__(self, conn: AsyncConnection) -> None:
        self._conn = conn
        self._wire: Wire | None = None
        self._wires: WirePipeline = CLOSED
        self._state = "new"
        self._inside = False  # a transaction, of its connection or its own
        self._begins = False  # has begun transactions
        self._commits: list[WirePending] = []
        self.borrowed: bool = False
        """Whoever lent the connection ends what a cancelled caller leaves open."""

    def _open(self) -> WirePipeline:
        """What statements go to; raises where they cannot. Not asked as long as the connection has the wire it had."""
        if self._state == "open":
            _ = self._conn.wire.pipeline  # a stream that holds the connection refuses
        return self._wires

    def run(
        self, sql: str, params: Params = None, shape: Shape | None = None, kinds: Kinds | None = None
    ) -> AsyncPending[Result]:
        """Queue one statement. Arguments are those of `AsyncConnection.run`. Raises InterfaceError outside of the block."""
        wires = self._wires if self._conn._wire is self._wire else self._open()
        return AsyncPending(wires, wires.run(sql, params, shape or _ROWS, kinds), _result)

    def run_many(
        self, sql: str, rows: Iterable[Sequence[Any]], shape: Shape | None = None, kinds: Kinds | None = None
    ) -> AsyncPending[Result]:
        """Queue one statement with many rows of parameters, all or nothing. Arguments are those of `AsyncConnection.run_many`."""
        check_rows(rows)
        wires = self._wires if self._conn._wire is self._wire else self._open()
        return AsyncPending(wires, wires.run_many(sql, rows, shape or _ROWS, kinds), _result)

    def query(self, sql: str, params: Params = None) -> AsyncPending[list[Row]]:
        """Queue a statement; its pending has all the rows. Arguments are those of `AsyncConnection.query`."""
        wires = self._wires if self._conn._wire is self._wire else self._open()
        return AsyncPending(wires, wires.run(sql, params, _ROWS), _rows)

    def query_one(self, sql: str, params: Params = None) -> AsyncPending[Row]:
        """Queue a statement that returns exactly one row; its pending has that, and raises as `AsyncConnection.query_one`.

        NoResultFound and MultipleResultsFound are raised where the pending is asked, and nowhere else.
        """
        wires = self._wires if self._conn._wire is self._wire else self._open()
        return AsyncPending(wires, wires.run(sql, params, _ROWS), partial(_one, sql=sql))

    def execute(self, sql: str, params: Params = None) -> AsyncPending[int]:
        """Queue a statement; its pending has the number of rows it affected. Arguments are those of `AsyncConnection.execute`."""
        wires = self._wires if self._conn._wire is self._wire else self._open()
        return AsyncPending(wires, wires.run(sql, params, _ROWS), _count)

    def script(self, sql: str) -> AsyncPending[None]:
        """Queue several statements, separated by semicolons, without parameters and without results.

        Its pending gives None, or raises as `AsyncConnection.script`. Raises InterfaceError outside of the pipeline's block.
        """
        wires = self._wires if self._conn._wire is self._wire else self._open()
        if self._conn._stack or (self._begins and self._inside):
            leave_to_block(sql)
        return AsyncPending(wires, wires.script(sql), _nothing)

    def transaction(
        self, *, isolation: Isolation | None = None, readonly: bool = False, deferrable: bool = False
    ) -> AsyncPipelineTransaction:
        """A transaction around a part of the pipeline: `async with pipe.transaction():`. Nothing waits, not even its end.

        BEGIN goes out together with the first statement of the block, COMMIT right behind the last. What is committed is all
        or nothing: if a statement fails, those behind it are not run, COMMIT is a rollback, and the end of the pipeline (or
        whoever asks for the statement) raises the error. An exception that leaves the block queues a ROLLBACK.

        Args:
            isolation, readonly, deferrable: as `AsyncConnection.transaction`.

        Raises:
            ProgrammingError: the connection is in a transaction; its statements are all a part of that.
        """
        return AsyncPipelineTransaction(self, isolation, readonly, deferrable)

    async def sync(self, *, timeout: float | None = None) -> None:
        """Send what is queued, and wait until all of it has been answered. Raises no error of a statement.

        Args:
            timeout: as for `AsyncPending.result`.

        Raises:
            QueryTimeout: not everything was answered in time. Nothing is cancelled.
        """
        await self._open().wait(None, timeout)

    async def __aenter__(self) -> Self:
        conn = self._conn
        if self._state != "new":
            raise ProgrammingError("a pipeline is used once; call pipeline() for another one")
        if conn._pipeline is not None:
            raise ProgrammingError("a pipeline is open on this connection: go on with that one, or end its block first")
        self._wires = await conn.wire.pipeline()
        self._wire, self._state = conn._wire, "open"
        self._inside = bool(conn._stack) or conn.wire.status is not Status.IDLE
        conn._pipeline = self
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        wires, self._wires, self._wire, self._state = self._wires, CLOSED, None, "done"
        try:
            if error is not None and not isinstance(error, Exception):
                # A cancelled task or Ctrl-C: whoever wanted the answers has gone.
                await self._leave(wires)
                return
            try:
                await wires.wait(None)
            except BaseException as left:
                if not isinstance(left, Exception):
                    await self._leave(wires)
                raise
            if (failed := wires.failure()) is not None:
                self._raise(failed, error)
        finally:
            self._conn._pipeline = None

    async def _leave(self, wires: WirePipeline) -> None:
        """Give up what was not sent; that may have been the end of a transaction."""
        await wires.leave()
        conn = self._conn
        if self._begins and not self.borrowed and not conn.is_closed():
            world = conn._world
            assert world is not None
            await world.finish(rollback(conn.wire, refusing=False))

    def _raise(self, failed: WirePending, error: Exception | None) -> None:
        """The first error that nobody has taken; what the block itself raised matters more."""
        found = failed.outcome()[1]
        if error is not None:
            if found is not error and found is not None and found.__cause__ is not error:
                error.add_note(f"a statement of the pipeline failed too: {type(found).__name__}: {found}")
        elif isinstance(found, ConnectionLost) and any(map(_lost, self._commits)):
            raise CommitUnknown(
                "the connection was lost before COMMIT was answered: the transaction may or may not be committed. "
                "Check for its effect before repeating it"
            ) from found
        else:
            failed.take()

    def _end(self, sql: str) -> None:
        """End the transaction of a block of `transaction`."""
        lost = self._conn.is_closed()  # then nothing can have been committed
        pending = self._wires.script(sql)
        if sql == "COMMIT" and not lost:
            self._commits = [*filter(_open_or_lost, self._commits), pending]

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._state}>"


def _result(result: Result) -> Result:
    return result


def _rows(result: Result) -> list[Row]:
    return result.rows


def _count(result: Result) -> int:
    return max(0, result.rowcount)


def _one(result: Result, sql: str) -> Row:
    rows: list[Row] = result.rows
    return exactly_one(rows, sql)


def _nothing(result: Any) -> None:
    return None


def _lost(pending: WirePending) -> bool:
    return isinstance(pending.outcome()[1], ConnectionLost)


def _open_or_lost(pending: WirePending) -> bool:
    return not pending.done() or _lost(pending)


class _Closed:
    """Stands where the pipeline of the wire will stand, and stood."""

    def __getattr__(self, name: str) -> NoReturn:
        raise InterfaceError(
            "the pipeline is not open: queue statements inside of its block, `with conn.pipeline() as pipe`"
        )


CLOSED = cast("WirePipeline", _Closed())
