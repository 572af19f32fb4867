"""A COPY of the asyncio PostgreSQL wire."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ferrow._core import CopyEncoder, PgCopy
from ferrow.errors import DatabaseError, InterfaceError, QueryTimeout
from ferrow.wire.aio.deadline import expire
from ferrow.wire.deadline import late
from ferrow.wire.postgresql import COPY_ENDED

if TYPE_CHECKING:
    from ferrow._core import Result
    from ferrow.abc.pieces import Data
    from ferrow.wire.aio.protocol import Protocol

_TURN = 1 << 16
_LEFT = "its task was cancelled"


class Copying:
    """The COPY under way, and the fence behind which the other statements of the connection wait."""

    __slots__ = ("_answer", "_ended", "_loop", "_over", "_seconds", "_sql", "core", "fence", "session", "task")

    def __init__(
        self,
        session: Protocol,
        loop: asyncio.AbstractEventLoop,
        ended: Callable[[Copying, bool], None],
        sql: str,
        seconds: float | None,
    ) -> None:
        """`seconds` bound each wait for the server; None: no bound."""
        self.session: Protocol = session
        self.core: PgCopy = PgCopy(session)
        self.fence: asyncio.Future[None] = loop.create_future()
        self.task = asyncio.current_task()
        self._loop = loop
        self._ended = ended
        self._sql = sql
        self._seconds = seconds
        self._over = False
        self._answer: asyncio.Future[Any] | None = None

    async def begin(self, out: bool, describing: str | None) -> Result:
        future: asyncio.Future[Any] = self._loop.create_future()
        self.core.begin(self._sql, out, future, described=describing)
        begun: Result = await self._answered(future)
        return begun

    async def _answered(self, future: asyncio.Future[Any]) -> Any:
        """What the server says, in time. Raises QueryTimeout, InterfaceError where others end the COPY meanwhile."""
        self._answer = future
        if self._seconds is None:
            return await future
        timer = self._loop.call_later(self._seconds, expire, future, self._seconds, self._sql)
        try:
            return await future
        finally:
            timer.cancel()

    async def writable(self) -> None:
        """Wait until the server takes data again. Raises QueryTimeout."""
        writable = self.session.writable
        if writable is not None:
            # `wait` does not cancel what the next one waits for too.
            done, _ = await asyncio.wait((writable,), timeout=self._seconds)
            if not done and self._seconds is not None:
                self.leave()
                raise late(self._seconds, self._sql)

    def check(self) -> None:
        """Raise InterfaceError where what comes, or goes, would be another COPY's."""
        if self._over:
            raise InterfaceError(COPY_ENDED)
        self.task = asyncio.current_task()

    async def finish(self, reason: str | None, rest: CopyEncoder | None = None) -> Result:
        future: asyncio.Future[Any] = self._loop.create_future()
        self.core.finish(reason, future, rows=rest)
        try:
            result: Result = await self._answered(future)
        except (asyncio.CancelledError, QueryTimeout):
            self.end(abandoned=True)
            raise
        except BaseException:
            self.end()
            raise
        self.end()
        return result

    async def readable(self) -> None:
        future: asyncio.Future[Any] = self._loop.create_future()
        self.core.wait(future)
        await self._answered(future)

    def leave(self) -> None:
        """Nobody goes on with it: data are given up, and what comes is dropped."""
        if not self._over:
            if self._answer is not None and not self._answer.done():
                self._answer.set_exception(InterfaceError(COPY_ENDED))
            self.core.give_up(_LEFT)
            self.core.drop()
            self.end(abandoned=True)

    def end(self, *, abandoned: bool = False) -> None:
        """Let the others pass. `abandoned`: the server is still at it, and is told to stop."""
        if not self._over:
            self._over = True
            self._ended(self, abandoned)
            if not self.fence.done():
                self.fence.set_result(None)


class AsyncioCopyIn:
    __slots__ = ("_copying", "_unseen", "described")

    def __init__(self, copying: Copying, described: tuple[tuple[str, ...], tuple[int, ...]] | None) -> None:
        self._copying = copying
        self.described: tuple[tuple[str, ...], tuple[int, ...]] | None = described
        self._unseen = 0  # bytes since the loop had its turn

    async def write(self, data: Data) -> bool:
        self._copying.check()
        if isinstance(data, CopyEncoder):
            size = data.size
            taken = self._copying.core.write_rows(data)
        else:
            size = len(data)
            taken = self._copying.core.write(bytes(data))
        if self._copying.session.writable is not None:
            self._unseen = 0
            await self._copying.writable()
            return taken
        self._unseen += size
        if self._unseen >= _TURN:
            self._unseen = 0
            await asyncio.sleep(0)  # others want to run, and the server may have said something
        return taken

    async def finish(self, rest: CopyEncoder | None = None) -> int:
        self._copying.check()
        return (await self._copying.finish(None, rest)).rowcount

    async def fail(self, reason: str) -> None:
        with contextlib.suppress(DatabaseError):  # it says what it was told, or has ended
            self._copying.check()
            await self._copying.finish(reason)

    def leave(self) -> None:
        self._copying.leave()


class AsyncioCopyOut:
    __slots__ = ("_copying", "_done", "rowcount")

    def __init__(self, copying: Copying) -> None:
        self._copying = copying
        self._done = False
        self.rowcount: int = -1

    async def read(self) -> bytes | None:
        copying = self._copying
        while not self._done:
            copying.check()
            try:
                taken = copying.core.take()
                if taken is None:
                    await copying.readable()
                    continue
            except (asyncio.CancelledError, QueryTimeout):
                self._done = True
                copying.core.drop()
                copying.end(abandoned=True)
                raise
            except BaseException:
                self._done = True
                copying.end()
                raise
            if isinstance(taken, bytes):
                return taken
            self._done = True
            self.rowcount = taken.rowcount
            copying.end()
        return None

    async def close(self) -> None:
        if not self._done:
            self._done = True
            # In a transaction a cancelled statement would cost all of it, so the rest is read and dropped.
            idle = self._copying.session.status == "idle"
            self._copying.core.drop()
            self._copying.end(abandoned=idle)
