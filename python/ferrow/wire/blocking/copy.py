"""A COPY of the blocking PostgreSQL wire."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from threading import current_thread
from time import monotonic
from typing import TYPE_CHECKING, Any

from ferrow._core import CopyEncoder
from ferrow.errors import DatabaseError, InterfaceError
from ferrow.wire.blocking.event import OneShotEvent
from ferrow.wire.drive import drive
from ferrow.wire.postgresql import COPY_ENDED

if TYPE_CHECKING:
    from threading import Thread

    from ferrow._core import PgCopy, PgSession
    from ferrow.abc.pieces import Data

_LOOK = 0.5  # seconds between two looks whether its thread is alive


class Copying:
    """What both directions share: the core, and how it is called."""

    __slots__ = ("_call", "_end", "_seconds", "core", "ended", "over", "session", "stop", "thread", "woken")

    def __init__(
        self,
        core: PgCopy,
        session: PgSession,
        *,
        call: Callable[..., Any],
        stop: Callable[[], Any],
        ended: Callable[[], None],
        seconds: float | None,
    ) -> None:
        """`seconds` bound each wait for the server; None: no bound."""
        self._seconds = seconds
        self.core: PgCopy = core
        self._call = call
        self.over: bool = False
        self._end = OneShotEvent()
        self.woken: bool = False
        self.thread: Thread = current_thread()
        """Who is at work with it, and would wait for himself."""
        self.ended: Callable[[], None] = ended
        self.session: PgSession = session
        self.stop: Callable[[], Any] = stop

    def call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Raises InterfaceError where what comes, or goes, would be another COPY's."""
        if self.over:
            raise InterfaceError(COPY_ENDED)
        self.thread = current_thread()
        return self._call(self._seconds, function, *arguments)

    def wait(self, timeout: float | None) -> bool:
        """Wait until something else may run, in another thread, or that has ended; False after `timeout` seconds."""
        until = None if timeout is None else monotonic() + timeout
        while self.thread.is_alive():
            left = _LOOK if until is None else min(_LOOK, until - monotonic())
            if self._end.wait(left):
                return True
            if left <= 0.0:
                return False
        return True

    def wake(self) -> None:
        """Have those go on that wait."""
        if not self.woken:
            self.woken = True
            self._end.set()

    def drain(self) -> None:
        """Read what still comes, and drop it."""
        if not self.over:
            self.thread = current_thread()
            self._call(self._seconds, self.session.drain_blocking)


class BlockingCopyIn:
    __slots__ = ("_copying", "described")

    def __init__(self, copying: Copying, described: tuple[tuple[str, ...], tuple[int, ...]] | None) -> None:
        self._copying = copying
        self.described: tuple[tuple[str, ...], tuple[int, ...]] | None = described

    async def write(self, data: Data) -> bool:
        core = self._copying.core
        if isinstance(data, CopyEncoder):
            taken: bool = self._copying.call(core.write_rows_blocking, data)
        else:
            taken = self._copying.call(core.write_blocking, bytes(data))
        return taken

    async def finish(self, rest: CopyEncoder | None = None) -> int:
        count: int = self._copying.call(partial(self._copying.core.finish, None, rows=rest)).rowcount
        self._copying.ended()
        return count

    async def fail(self, reason: str) -> None:
        try:
            self._copying.call(self._copying.core.finish, reason)
        except DatabaseError:
            pass  # it says what it was told
        self._copying.ended()

    def leave(self) -> None:
        drive(self.fail("its caller has gone"))


class BlockingCopyOut:
    __slots__ = ("_copying", "_done", "rowcount")

    def __init__(self, copying: Copying) -> None:
        self._copying = copying
        self._done = False
        self.rowcount: int = -1

    async def read(self) -> bytes | None:
        if self._done:
            return None
        try:
            taken = self._copying.call(self._copying.core.take_blocking)
        except BaseException:
            self._done = True
            raise
        if isinstance(taken, bytes):
            return taken
        self.rowcount = taken.rowcount
        self._end()
        return None

    async def close(self) -> None:
        if self._done or self._copying.over:
            return
        # In a transaction a cancelled statement would cost all of it, so the rest is read and dropped.
        idle = self._copying.session.status == "idle"
        self._copying.core.drop()
        if idle:
            self._copying.stop()
        else:
            self._copying.drain()
        self._end()

    def _end(self) -> None:
        self._done = True
        self._copying.ended()
