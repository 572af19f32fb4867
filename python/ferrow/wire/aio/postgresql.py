"""The asyncio PostgreSQL wire: the core is the buffered protocol, so no Python frame stands between socket and decoder."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from ferrow._core import PgCopy, PgCursor, Shape
from ferrow.abc import Description, Status
from ferrow.errors import InterfaceError, OperationalError
from ferrow.process import pid
from ferrow.wire.aio.attend import attend
from ferrow.wire.aio.connecting import log_in
from ferrow.wire.aio.copy import AsyncioCopyIn, AsyncioCopyOut, Copying
from ferrow.wire.aio.cursor import AsyncioPostgresCursor
from ferrow.wire.aio.pipelining import AsyncioPipeline
from ferrow.wire.aio.protocol import Errand, Protocol
from ferrow.wire.postgresql import (
    COPY_RUNS,
    address,
    describe,
    facts,
    server_version,
    silent,
)

if TYPE_CHECKING:
    from ferrow._core import Kinds, Result
    from ferrow.abc import Params
    from ferrow.wire.inbox import Reader
    from ferrow.wire.settings import Settings

_TUPLES = Shape.tuples()
_SETTLE = 5.0  # seconds an abandoned statement gets to end after its cancel request


async def open_postgresql(settings: Settings) -> AsyncioPostgresWire:
    """Connect and log in. Raises OperationalError; the message names host and port."""
    session, transport = await log_in(settings)
    return AsyncioPostgresWire(session, transport, settings)


class AsyncioPostgresWire:
    """One connection of one event loop. Concurrent statements are pipelined in the order in which they were made."""

    dialect = "postgresql"

    __slots__ = (
        "__weakref__",
        "_copying",
        "_fence",
        "_loop",
        "_pid",
        "_session",
        "_settings",
        "_transport",
        "backend_pid",
        "news",
    )

    def __init__(self, session: Protocol, transport: asyncio.Transport, settings: Settings) -> None:
        self.news = session.news
        self._session = session
        self._transport = transport
        self._settings = settings
        self.backend_pid = session.backend_pid
        self._loop = asyncio.get_running_loop()
        self._pid = pid()
        # While a cancel request is on its way, later statements wait: it must not hit one of them.
        # The same while a COPY runs, which runs alone.
        self._fence: asyncio.Future[None] | None = None
        self._copying: Copying | None = None

    async def run(self, sql: str, params: Params, shape: Shape, kinds: Kinds | None = None) -> Result:
        if self._fence is not None:
            await self._pass_fence()
        future: asyncio.Future[Result] = self._loop.create_future()
        self._session.submit(sql, params, shape, future)
        try:
            return await future
        except asyncio.CancelledError:
            self._abandoned()
            raise

    async def run_many(
        self, sql: str, rows: Iterable[Sequence[Any]], shape: Shape, kinds: Kinds | None = None
    ) -> Result:
        if self._fence is not None:
            await self._pass_fence()
        future: asyncio.Future[Result] = self._loop.create_future()
        self._session.submit_many(sql, rows, shape, future)
        try:
            return await future
        except asyncio.CancelledError:
            self._abandoned()
            raise

    async def script(self, sql: str) -> None:
        if self._fence is not None:
            await self._pass_fence()
        future: asyncio.Future[Any] = self._loop.create_future()
        self._session.submit_script(sql, future)
        try:
            await future
        except asyncio.CancelledError:
            self._abandoned()
            raise

    async def begin(self, sql: str) -> None:
        if self._fence is not None:
            await self._pass_fence()
        self._session.begin(sql)

    async def pipeline(self) -> AsyncioPipeline:
        if self._fence is not None:
            await self._pass_fence()
        return AsyncioPipeline(self, self._session)

    async def script_within(self, sql: str, timeout: float) -> None:
        # Not by cancelling: a cancel request is an errand of its own, to a server that does not answer.
        timer = self._loop.call_later(timeout, self._give_up, silent(timeout))
        try:
            await self.script(sql)
        finally:
            timer.cancel()

    async def wait_news(self, reader: Reader, timeout: float | None) -> bool:
        return await attend(reader, timeout, lambda: self._session.ended)

    async def batch(self, statements: tuple[str, ...]) -> list[int]:
        counted: Result = await self.wait_for(lambda future: self._session.submit_batch(statements, future))
        return counted.rows

    async def prepare(self, sql: str) -> None:
        await self.wait_for(lambda future: self._session.submit_prepare(sql, future))

    async def clear_cache(self) -> None:
        await self.wait_for(self._session.submit_forget)

    def set_codec(self, codec: Any) -> None:
        self._session.set_codec(codec)

    async def open_cursor(
        self, sql: str, params: Params, shape: Shape, kinds: Kinds | None = None
    ) -> AsyncioPostgresCursor:
        core = PgCursor(self._session)
        opened = await self.wait_for(lambda future: core.open(sql, params, shape, future))
        return AsyncioPostgresCursor(self, core, opened.columns)

    async def describe(self, sql: str) -> Description:
        core = PgCopy(self._session)
        described: Result = await self.wait_for(lambda future: core.describe(sql, _TUPLES, future))
        return Description(described.columns, described.type_codes, self._session.types())

    async def copy_in(self, sql: str) -> AsyncioCopyIn:
        return AsyncioCopyIn(await self._begin_copy(sql, False))

    async def copy_out(self, sql: str) -> AsyncioCopyOut:
        return AsyncioCopyOut(await self._begin_copy(sql, True))

    async def wait_for(self, request: Callable[[asyncio.Future[Any]], object]) -> Any:
        """Make a request with a future for its outcome, and wait for that."""
        if self._fence is not None:
            await self._pass_fence()
        future: asyncio.Future[Any] = self._loop.create_future()
        request(future)
        try:
            return await future
        except asyncio.CancelledError:
            self._abandoned()
            raise

    async def _begin_copy(self, sql: str, out: bool) -> Copying:
        if self._fence is not None:
            await self._pass_fence()
        copying = Copying(self._session, self._loop, self._copy_ended)
        self._fence, self._copying = copying.fence, copying
        try:
            await copying.begin(sql, out)
        except BaseException as error:
            if isinstance(error, asyncio.CancelledError):
                copying.leave()  # it may have begun in this very turn of the loop
                self._abandoned()
            else:
                copying.end()
            raise
        return copying

    def _copy_ended(self, copying: Copying, abandoned: bool) -> None:
        if self._copying is copying:
            self._fence = self._copying = None
            if abandoned:
                self._abandoned()

    def _abandoned(self) -> None:
        """The caller of a statement is gone. It goes at once; the server is told to stop by a task of its own."""
        if self._session.in_flight == 1:
            self._stop()
        # Else the statement that runs may be a neighbour's: this one ends by itself, and its answer is dropped.

    def left(self, outstanding: int) -> None:
        """So many statements of a pipeline that was left are not answered: as `_abandoned`."""
        if self._session.in_flight <= outstanding:
            self._stop()

    def afterwards(self, work: Callable[[], object]) -> None:
        """Do `work` once a statement is no longer being cancelled."""
        if self._fence is not None:
            self._fence.add_done_callback(lambda _: work())

    @property
    def copies(self) -> bool:
        """Whether a COPY runs."""
        return self._copying is not None

    def _stop(self) -> None:
        if self._fence is None and self._session.in_flight and self._session.ended is None:
            self._fence = fence = self._loop.create_task(self._cancel_and_drain())
            # `asyncio.run` cancels what is left at its end, which leads here, and does not wait for tasks made then. The
            # server learns of the end from the socket, so the unfinished errand is no news.
            fence._log_destroy_pending = False  # type: ignore[attr-defined]

    async def _pass_fence(self) -> None:
        while self._fence is not None:
            if self._copying is not None and self._copying.task is asyncio.current_task():
                raise InterfaceError(COPY_RUNS)  # it would wait for itself
            await asyncio.wait((self._fence,))

    async def _cancel_and_drain(self) -> None:
        try:
            async with asyncio.timeout(_SETTLE):
                await self._cancel()
                while self._session.in_flight and self._session.ended is None:
                    await self._drain()
        except (OSError, TimeoutError, OperationalError):
            self.abort()
        finally:
            self._fence = None

    async def _cancel(self) -> None:
        message = self._session.cancel_message()
        where = address(self._settings)
        if isinstance(where, str):
            transport, errand = await self._loop.create_unix_connection(lambda: Errand(self._loop), where)
        else:
            transport, errand = await self._loop.create_connection(lambda: Errand(self._loop), *where)
        try:
            transport.write(message)
            await errand.ended  # the server closes once it has passed the signal on
        finally:
            # A loop that ended meanwhile has no way to close, and the transport closes its socket when it goes.
            if not self._loop.is_closed():
                transport.abort()

    async def _drain(self) -> None:
        """Wait for everything asked before: answers come in order, so an empty script is answered last."""
        future: asyncio.Future[Any] = self._loop.create_future()
        self._session.submit_script("", future)
        try:
            await future
        except OperationalError:
            if self._session.ended is not None:
                raise  # a late cancel may hit the fence itself: then it has done its work

    async def settle(self, timeout: float) -> bool:
        if self._copying is not None:
            self._copying.leave()
        self._stop()
        fence = self._fence
        if fence is not None:
            done, _ = await asyncio.wait((fence,), timeout=timeout)
            if not done:
                self.abort()
        return self._session.ended is None

    async def close(self) -> None:
        if self._session.ended is None:
            self._transport.write(self._session.terminate())
        self._session.abandon("Connection is closed")
        self.news.inbox.wake()
        self._transport.close()

    def abort(self) -> None:
        self._give_up("Connection is closed")

    def _give_up(self, reason: str) -> None:
        self._session.abandon(reason)
        self.news.inbox.wake()
        if self._pid != pid():
            return  # a forked child shares what the loop watches sockets with: taking ours out would make the parent deaf
        if not self._loop.is_closed():
            self._transport.abort()
        elif (sock := getattr(self._transport, "_sock", None)) is not None:
            # A loop that has ended runs no callbacks, and asyncio has no public way to close what belonged to it.
            sock.close()
            self._transport._sock = None  # type: ignore[attr-defined]
        elif (end := getattr(self._transport, "_call_connection_lost", None)) is not None:
            # A loop that has ended closes nothing any more, and its transports have no public way to give up their sockets.
            with contextlib.suppress(AttributeError):  # given up before
                end(None)

    def probe(self) -> bool:
        return not self.closed

    @property
    def closed(self) -> bool:
        return self._session.ended is not None or self._transport.is_closing()

    @property
    def busy(self) -> bool:
        return self._fence is not None or self._session.in_flight > 0

    @property
    def stopping(self) -> bool:
        """Whether a statement is being cancelled, or a COPY runs."""
        return self._fence is not None

    @property
    def status(self) -> Status:
        return _STATUS[self._session.status]

    @property
    def requests(self) -> int:
        return self._session.requests

    @property
    def server_version(self) -> str:
        return server_version(self._session)

    def facts(self) -> dict[str, Any]:
        return facts(self._session)

    def __repr__(self) -> str:
        return describe(self._settings, self._session)


_STATUS = {str(status): status for status in Status}
