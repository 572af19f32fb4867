"""A `Wire` over a connection of another driver that the program has opened itself.

When the program has begun a transaction on it, all that is asked here happens in that and nothing ends it: a transaction of ours is
a savepoint then. Otherwise every statement outside of a transaction of ours is committed, and nothing is left open.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

from ferrow._core import FlatRows, end_refused
from ferrow.abc import Status
from ferrow.errors import (
    DatabaseError,
    NotSupportedError,
    ProgrammingError,
    from_server,
)
from ferrow.wire.dbapi.missing import Missing
from ferrow.wire.dbapi.together import Together
from ferrow.wire.dbapi.transactions import Transactions
from ferrow.wire.dbapi.within import Within

if TYPE_CHECKING:
    from ferrow._core import Kinds, Result, Shape
    from ferrow.abc import Params, WireCursor
    from ferrow.wire.dbapi.hold import Giving, Hold
    from ferrow.wire.settings import Settings

_ELSEWHERE = (
    "the connection is in a transaction that another thread, event loop or colour of the same database has begun: over one connection "
    "use one of them at a time, or give a PoolConnector"
)


class DbapiWire(Transactions, Missing):
    """One connection. `turn` is a lock: whoever has it is alone on the connection."""

    busy = False

    __slots__ = (
        "__weakref__",
        "_closed",
        "_driver",
        "_giving",
        "_guarded",
        "_hold",
        "_settings",
        "_touched",
        "_turn",
        "dialect",
        "requests",
    )

    def __init__(self, hold: Hold, settings: Settings, turn: Any, giving: Giving | None = None) -> None:
        self._giving = giving
        self._touched = False
        self._guarded = False  # the transaction is a block's, which ends it
        self._hold = hold
        self._driver = hold.driver
        self._settings = settings
        self._turn = turn
        self._closed = False
        self.dialect: str = hold.driver.dialect
        self.requests: int = 0

    async def prepared(self) -> None:
        """Make the connection ready, and undo what an earlier wire over it left behind."""
        hold, driver = self._hold, self._driver
        hold.lost = None
        if hold.owner is not None and not hold.owner.closed:
            return
        if hold.inside or hold.loose:
            await self._undone()
        if not hold.ready:
            await driver.setup()
            hold.ready = True

    # --- statements --------------------------------------------------------------------------------------------------

    async def run(
        self, sql: str, params: Params, shape: Shape, kinds: Kinds | None = None, timeout: float | None = None
    ) -> Result:
        async with self._turn:
            self._check()
            if timeout is None:
                return await self._run(sql, params, shape, kinds)
            with self._within(timeout, sql):
                return await self._run(sql, params, shape, kinds)

    async def _run(self, sql: str, params: Params, shape: Shape, kinds: Kinds | None) -> Result:
        self._admit(sql, not params)
        if self._driver.steps(sql) > 1:
            async with Together(self, True):
                return await self._driver.run(sql, params, shape, kinds)
        if self._hold.inside or not await self._enter():
            return await self._driver.run(sql, params, shape, kinds)
        try:
            result = await self._driver.run(sql, params, shape, kinds)
        except BaseException:
            await self._leave(False, sql)
            raise
        await self._leave(True, sql)
        return result

    def _within(self, timeout: float | None, sql: str) -> AbstractContextManager[None]:
        """A deadline. (Under asyncio it is kept by whoever hands the calls on.)"""
        if timeout is None or math.isinf(timeout):
            return nullcontext()
        if not self._driver.cancels:
            raise NotSupportedError(
                f"{self._driver.name} has no way to stop a statement from another thread: leave out timeout=, or use another driver"
            )
        return Within(self._driver.cancel, self._driver.insists, timeout, sql)

    async def run_many(
        self,
        sql: str,
        rows: Iterable[Sequence[Any]],
        shape: Shape,
        kinds: Kinds | None = None,
        timeout: float | None = None,
    ) -> Result:
        every = rows if isinstance(rows, list) or (self._driver.flat and isinstance(rows, FlatRows)) else [*rows]
        async with self._turn:
            self._check()
            self._admit(sql, False)
            with self._within(timeout, sql):
                async with Together(self, len(every) > 1):
                    return await self._driver.run_many(sql, every, shape, kinds)

    async def batch(self, statements: tuple[str, ...], timeout: float | None = None) -> list[int]:
        from ferrow._core import Shape

        shape, counts = Shape.tuples(), []
        async with self._turn:
            self._check()
            for text in statements:
                self._admit(text, True)
            together = Together(self, len(statements) > 1, guarded=True)
            async with together:
                together.check(statements)
                for place, text in enumerate(statements, 1):
                    try:
                        await together.next(text)
                        counts.append(max(0, (await self._driver.run(text, (), shape, None)).rowcount))
                        together.check_done(place < len(statements))
                    except DatabaseError as error:
                        error.statement, error.query = place, text
                        raise
        return counts

    async def script(self, sql: str, timeout: float | None = None) -> None:
        async with self._turn:
            if sql in ("COMMIT", "ROLLBACK") and (self._hold.inside or self._hold.loose):
                self.requests += 1
                await self._ended(sql)
                return
            self._check()
            self._admit(sql, True)
            for text in self._driver.split(sql):
                if self._hold.inside:
                    if text in ("COMMIT", "ROLLBACK"):
                        await self._ended(text)
                    else:
                        await self._driver.say(text)
                elif await self._enter():
                    done = False
                    try:
                        await self._driver.say(text)
                        done = True
                    finally:
                        await self._leave(done, text)
                else:
                    await self._driver.say(text)

    async def open_cursor(
        self, sql: str, params: Params, shape: Shape, kinds: Kinds | None = None, timeout: float | None = None
    ) -> WireCursor:
        async with self._turn:
            self._check()
            self._admit(sql, not params)
            if self._hold.inside or not await self._enter():
                return await self._driver.open_cursor(sql, params, shape, kinds)
            done = False
            try:
                cursor = await self._driver.open_cursor(sql, params, shape, kinds)
                done = True
            finally:
                await self._leave(done, sql)
            return cursor

    async def begin(self, sql: str, timeout: float | None = None, *, guarded: bool = False) -> None:
        async with self._turn:
            self._check()
            await self._begun(sql, guarded)
            self._guarded = guarded

    # --- state -------------------------------------------------------------------------------------------------------

    def _check(self) -> None:
        self.requests += 1
        if self._closed or self._driver.closed:
            raise self._over()
        hold = self._hold
        if hold.inside:
            if hold.owner is not self:
                raise ProgrammingError(_ELSEWHERE)
            if self._gone():
                raise from_server(
                    {
                        "code": "25P02",
                        "message": "the transaction is over: the database has rolled it back, or it was ended on the connection itself",
                    }
                )

    def _admit(self, sql: str, several: bool) -> None:
        """Raises ProgrammingError for what would end the transaction of a block."""
        if not (self._guarded and self._hold.inside and isinstance(sql, str)):
            return
        if (command := self._driver.ends(sql, several)) is not None:
            raise end_refused(command, sql)

    async def settle(self, timeout: float) -> bool:
        return not self.closed

    def undo(self) -> bool:
        return False

    async def close(self) -> None:
        """Let go of the connection, which is the program's."""
        if self._closed:
            return
        hold = self._hold
        async with self._turn:
            self._closed = True
            try:
                if (hold.inside and hold.owner is self) or hold.loose:
                    await self._undone()
            finally:
                if self._giving is not None:
                    await self._giving.back(touched=self._touched)

    def abort(self) -> None:
        """Leave the connection as it is: whoever takes it next puts it in order."""
        if not self._closed:
            self._closed = True
            if self._giving is not None:
                self._giving.drop()

    def touch(self) -> None:
        """Say that the session may have been changed."""
        self._touched = True

    def cancel(self) -> bool:
        """End what runs, from any thread; whether that may be repeated, as it comes too early for what is about to begin."""
        self._driver.cancel()
        return self._driver.insists

    @property
    def by_task(self) -> bool:
        """Whether that is done by cancelling the task it runs in."""
        return self._driver.by_task

    def probe(self) -> bool:
        return not self.closed

    @property
    def closed(self) -> bool:
        return self._closed or self._driver.closed

    @property
    def clean(self) -> bool:
        hold = self._hold
        return not (hold.inside or hold.loose or self._closed or self._driver.closed)

    @property
    def backend_pid(self) -> int | None:
        return self._driver.pid

    @property
    def idle(self) -> tuple[float, Status] | None:
        return None

    @property
    def reading(self) -> str:
        return self._driver.reading

    @property
    def server_version(self) -> str:
        return self._driver.version

    def facts(self) -> dict[str, Any]:
        return {"cached_statements": 0, "unnamed_statements": False, "backend_pid": self.backend_pid, "parameters": {}}

    def __repr__(self) -> str:
        return f"{self._settings.redacted} {'closed' if self.closed else self.status}"
