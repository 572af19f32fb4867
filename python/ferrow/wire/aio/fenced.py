"""When statements of an asyncio connection may be sent, and what becomes of those whose callers go."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ferrow.errors import InterfaceError
from ferrow.wire.aio.cancelling import Cancelling
from ferrow.wire.aio.deadline import expire
from ferrow.wire.arrays import Disturbed
from ferrow.wire.deadline import late, limit
from ferrow.wire.postgresql import COPY_RUNS

if TYPE_CHECKING:
    from ferrow.wire.aio.copy import Copying
    from ferrow.wire.aio.protocol import Protocol
    from ferrow.wire.settings import Settings


class Fenced:
    """A connection with a fence, behind which later statements wait while something has it for itself."""

    __slots__ = (
        "_behind",
        "_cancelling",
        "_copying",
        "_fence",
        "_limit",
        "_loop",
        "_session",
        "_settings",
        "_transport",
    )

    def __init__(self, session: Protocol, transport: asyncio.Transport, settings: Settings) -> None:
        self._session = session
        self._transport = transport
        self._settings = settings
        self._loop = asyncio.get_running_loop()
        # While a cancel request is on its way, later statements wait: it must not hit one of them.
        # The same while a COPY runs, which runs alone.
        self._fence: asyncio.Future[None] | None = None
        self._behind = 0  # how many wait behind it, or are about to go on
        self._copying: Copying | None = None
        self._cancelling: Cancelling | None = None
        self._limit = settings.command_timeout

    def abort(self) -> None:
        """As `Wire.abort`."""
        raise NotImplementedError

    async def wait_for(
        self, request: Callable[[asyncio.Future[Any]], object], sql: str, timeout: float | None = None
    ) -> Any:
        """Make a request with a future for its outcome, and wait for that, `timeout` seconds at most; `sql` is for the error."""
        seconds = limit(timeout, self._limit)
        at = None if seconds is None else self._loop.time() + seconds
        if self._fence is not None and not await self._pass_fence(at) and seconds is not None:
            raise late(seconds, sql, sent=False, copying=self.copies)
        future: asyncio.Future[Any] = self._loop.create_future()
        timer = None if at is None else self._loop.call_at(at, self._expire, future, seconds or 0.0, sql)
        try:
            request(future)
            return await future
        except asyncio.CancelledError:
            self._abandoned()
            raise
        finally:
            if timer is not None:
                timer.cancel()

    def _expire(self, future: asyncio.Future[Any], seconds: float, sql: str) -> None:
        if expire(future, seconds, sql):
            self._abandoned()

    def _abandoned(self) -> None:
        """The caller of a statement is gone. It goes at once; the server is told to stop by a task of its own."""
        if self._cancelling is not None:
            self._cancelling.look()
        elif self._session.orphaned:  # else it was not sent, and will not be
            self._stop()

    def _stop(self) -> None:
        if self._fence is None and self._session.in_flight and self._session.ended is None:
            self._cancelling = Cancelling(
                self._session, self._transport, self._settings, over=self._stopped, abort=self.abort
            )
            self._fence = self._cancelling.fence

    def _stopped(self) -> None:
        self._fence = self._cancelling = None

    async def _pass_fence(self, at: float | None = None) -> bool:
        """Wait until statements may be sent again; False when that was not so before `at`, in the loop's time."""
        self._behind += 1
        try:
            while self._fence is not None:
                if self._copying is not None and self._copying.task is asyncio.current_task():
                    raise InterfaceError(COPY_RUNS)  # it would wait for itself
                left = None if at is None else max(0.0, at - self._loop.time())
                done, _ = await asyncio.wait((self._fence,), timeout=left)
                if not done:
                    return False
        finally:
            self._behind -= 1
        return True

    async def _pass_within(self, sql: str, timeout: float | None) -> None:
        """The same within `timeout` seconds, as of `Wire`. Raises QueryTimeout."""
        seconds = limit(timeout, self._limit)
        at = None if seconds is None else self._loop.time() + seconds
        while True:
            if not await self._pass_fence(at) and seconds is not None:
                raise late(seconds, sql, sent=False, copying=self.copies)
            if not self._behind:
                return
            await asyncio.sleep(0)  # what was asked before a BEGIN must not become a part of its transaction

    async def _sent_before(self, script: str, sql: str, timeout: float | None, since: int | None) -> int:
        """Send a script right before what is sent without waiting for anything else; gives the number of requests with it.

        What for: `ByArrays._between`.
        """
        if self._fence is not None:
            await self._pass_within(sql, timeout)
        if since is not None and self._session.requests != since:
            raise Disturbed
        future: asyncio.Future[Any] = self._loop.create_future()
        future.add_done_callback(_heard)
        self._session.submit_script(script, future)
        return self._session.requests

    def left(self) -> None:
        """A pipeline was left, whose statements are not all answered: as `_abandoned`."""
        self._abandoned()

    def afterwards(self, work: Callable[[], object]) -> None:
        """Do `work` once a statement is no longer being cancelled, before any other is sent."""
        if self._fence is not None:
            self._fence.add_done_callback(lambda _: work())

    @property
    def copies(self) -> bool:
        """Whether a COPY runs."""
        return self._copying is not None

    async def settle(self, timeout: float) -> bool:
        if self._copying is not None:
            self._copying.leave()
        self._stop()
        if self._cancelling is not None:
            self._cancelling.force()
        fence = self._fence
        if fence is not None:
            done, _ = await asyncio.wait((fence,), timeout=timeout)
            if not done:
                self.abort()
        return self._session.ended is None

    def undo(self) -> bool:
        session = self._session
        if session.status == "idle":
            return True  # whoever asks waited for his turn: nothing has begun, and what is under way is somebody else's
        if self._cancelling is None and session.wanted_outside:
            self._stop()
        if self._cancelling is None or self._cancelling.fence.done():
            return False
        self._cancelling.undo()
        return True


def _heard(future: asyncio.Future[Any]) -> None:
    """Its error is that of the statement behind it as well."""
    if not future.cancelled():
        future.exception()
