"""The asyncio PostgreSQL wire: the core is the buffered protocol, so no Python frame stands between socket and decoder."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterable, Sequence
from time import monotonic
from typing import TYPE_CHECKING, Any

from ferrow._core import PgCopy, PgCursor, Shape
from ferrow.abc import Description, Status
from ferrow.errors import InterfaceError, QueryTimeout
from ferrow.process import pid
from ferrow.wire.aio.attend import attend
from ferrow.wire.aio.connecting import log_in
from ferrow.wire.aio.copy import AsyncioCopyIn, AsyncioCopyOut, Copying
from ferrow.wire.aio.cursor import AsyncioPostgresCursor
from ferrow.wire.aio.deadline import expire
from ferrow.wire.aio.fenced import Fenced
from ferrow.wire.aio.pipelining import AsyncioPipeline
from ferrow.wire.aio.protocol import Protocol
from ferrow.wire.arrays import ByArrays
from ferrow.wire.deadline import late, left, limit
from ferrow.wire.description_cache import DescriptionCache
from ferrow.wire.postgresql import STATUS, describe, facts, reading, server_version

if TYPE_CHECKING:
    from ferrow._core import Kinds, Result
    from ferrow.abc import Params
    from ferrow.wire.inbox import Reader
    from ferrow.wire.news import News
    from ferrow.wire.settings import Settings

_TUPLES = Shape.tuples()


async def open_postgresql(settings: Settings) -> AsyncioPostgresWire:
    """Connect and log in. Raises OperationalError; the message names host and port."""
    session, transport, there = await log_in(settings)
    return AsyncioPostgresWire(session, transport, there)


class AsyncioPostgresWire(ByArrays, Fenced):
    """One connection of one event loop. Concurrent statements are pipelined in the order in which they were made."""

    dialect = "postgresql"
    run_now = rows_now = None

    __slots__ = ("__weakref__", "_pid", "_socket_transport", "_descriptions", "ask", "backend_pid", "news")

    def __init__(self, session: Protocol, transport: asyncio.Transport, settings: Settings) -> None:
        super().__init__(session, transport, settings)
        self._descriptions = DescriptionCache()
        self.ask: Callable[[str, Params, Shape], asyncio.Future[Result]] = session.ask
        """`send` without a limit, and without a call in between."""
        self.news: News = session.news
        self._socket_transport = session.socket_transport or transport
        self.backend_pid: int | None = session.backend_pid
        self._pid = pid()

    # `run` and `script` are `wait_for` once more, because a coroutine more is felt in a query of 50 microseconds.

    async def run(
        self, sql: str, params: Params, shape: Shape, kinds: Kinds | None = None, timeout: float | None = None
    ) -> Result:
        if timeout is not None or self._limit is not None:
            request = self._session.submit
            return await self.wait_for(lambda future: request(sql, params, shape, future), sql, timeout)  # type: ignore[no-any-return]
        if self._fence is not None:
            await self._pass_fence()
        try:
            return await self.ask(sql, params, shape)
        except asyncio.CancelledError:
            self._abandoned()
            raise

    def send(self, sql: str, params: Params, shape: Shape, timeout: float | None = None) -> asyncio.Future[Result]:
        """As `run`, without waiting; a future that is cancelled is not cancelled on the server, where others may come next."""
        future: asyncio.Future[Result] = self.ask(sql, params, shape)
        if timeout is not None:
            timer = self._loop.call_later(timeout, expire, future, timeout, sql)
            future.add_done_callback(lambda _: timer.cancel())
        return future

    async def _parameter_types(self, sql: str, timeout: float | None) -> list[int] | None:
        # Never waits: what others send meanwhile would overtake the rows.
        return None if self._fence is not None else self._session.parameter_types(sql)

    async def _one_by_one(self, sql: str, rows: Iterable[Sequence[Any]], shape: Shape, timeout: float | None) -> Result:
        return await self.wait_for(lambda future: self._session.submit_many(sql, rows, shape, future), sql, timeout)  # type: ignore[no-any-return]

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
        at = None if seconds is None else monotonic() + seconds
        sent = await self._sent_before(before, sql, seconds, since) + 1
        result = await self._one_by_one(sql, pieces, shape, left(at))
        # The end of a savepoint is that of those in it as well, of which another task may have begun one meanwhile.
        if after is not None and self.requests == sent and self._fence is None:
            await self.script(after, left(at))
        return result

    async def script(self, sql: str, timeout: float | None = None) -> None:
        if timeout is not None or self._limit is not None:
            await self.wait_for(lambda future: self._session.submit_script(sql, future), sql, timeout)
            return
        if self._fence is not None:
            await self._pass_fence()
        future: asyncio.Future[Any] = self._loop.create_future()
        self._session.submit_script(sql, future)
        try:
            await future
        except asyncio.CancelledError:
            self._abandoned()
            raise

    async def begin(self, sql: str, timeout: float | None = None, *, guarded: bool = False) -> None:
        if self._fence is not None or self._behind:
            await self._pass_within(sql, timeout)
        self._session.begin(sql, False, guarded)

    async def pipeline(self) -> AsyncioPipeline:
        if self._fence is not None:
            await self._pass_fence()
        return AsyncioPipeline(self, self._session)

    async def wait_news(self, reader: Reader, timeout: float | None) -> bool:
        return await attend(reader, timeout, self._session)

    async def batch(self, statements: tuple[str, ...], timeout: float | None = None) -> list[int]:
        counted: Result = await self.wait_for(
            lambda future: self._session.submit_batch(statements, future), "; ".join(statements[:3]), timeout
        )
        return counted.rows

    async def prepare(self, sql: str, timeout: float | None = None) -> None:
        await self.wait_for(lambda future: self._session.submit_prepare(sql, future), sql, timeout)

    async def clear_cache(self) -> None:
        self._descriptions.clear()
        await self.wait_for(self._session.submit_forget, "clear_cache()")

    def set_codec(self, codec: Any) -> None:
        self._session.set_codec(codec)

    async def open_cursor(
        self, sql: str, params: Params, shape: Shape, kinds: Kinds | None = None, timeout: float | None = None
    ) -> AsyncioPostgresCursor:
        core = PgCursor(self._session)
        opened = await self.wait_for(lambda future: core.open(sql, params, shape, future), sql, timeout)
        return AsyncioPostgresCursor(self, core, opened, sql, timeout)

    async def describe(self, sql: str, timeout: float | None = None) -> Description:
        core = PgCopy(self._session)
        described: Result = await self.wait_for(lambda future: core.describe(sql, _TUPLES, future), sql, timeout)
        return self._descriptions.keep(sql, described, self._session.types())

    def remembered(self, sql: str) -> Description | None:
        session = self._session
        free = self._fence is None and session.status == Status.IDLE
        return self._descriptions.get(sql, session.types()) if free else None

    async def copy_in(self, sql: str, timeout: float | None = None, describing: str | None = None) -> AsyncioCopyIn:
        copying, begun = await self._begin_copy(sql, False, timeout, describing)
        return AsyncioCopyIn(copying, None if describing is None else (begun.columns, begun.type_codes))

    async def copy_out(self, sql: str, timeout: float | None = None) -> AsyncioCopyOut:
        return AsyncioCopyOut((await self._begin_copy(sql, True, timeout))[0])

    async def _begin_copy(
        self, sql: str, out: bool, timeout: float | None, describing: str | None = None
    ) -> tuple[Copying, Result]:
        seconds = limit(timeout, self._limit)
        at = None if seconds is None else self._loop.time() + seconds
        if self._fence is not None and not await self._pass_fence(at) and seconds is not None:
            raise late(seconds, sql, sent=False, copying=self.copies)
        copying = Copying(self._session, self._loop, self._copy_ended, sql, seconds)
        self._fence, self._copying = copying.fence, copying
        try:
            begun = await copying.begin(out, describing)
        except BaseException as error:
            if isinstance(error, (asyncio.CancelledError, QueryTimeout)):
                copying.leave()  # it may have begun in this very turn of the loop
                self._abandoned()
            else:
                copying.end()
            raise
        return copying, begun

    def _copy_ended(self, copying: Copying, abandoned: bool) -> None:
        if self._copying is copying:
            self._fence = self._copying = None
            if abandoned:
                self._abandoned()

    async def close(self) -> None:
        if self._session.ended is None:
            self._transport.write(self._session.terminate())
        self._session.abandon("Connection is closed")
        self.news.inbox.wake()
        self._transport.close()
        self._socket_transport.close()  # TLS would wait for an answer to its goodbye

    def abort(self) -> None:
        self._give_up("Connection is closed")

    def _give_up(self, reason: str) -> None:
        self._session.abandon(reason)
        self.news.inbox.wake()
        if self._pid != pid():
            return  # a forked child shares what the loop watches sockets with: taking ours out would make the parent deaf
        if not self._loop.is_closed():
            if self._cancelling is not None:
                self._cancelling.stop()
            self._transport.abort()
            return
        if self._transport is not self._socket_transport:
            with contextlib.suppress(RuntimeError):  # the loop has ended, but then TLS knows that it is closed
                self._transport.abort()
        if (sock := getattr(self._socket_transport, "_sock", None)) is not None:
            # A loop that has ended runs no callbacks, and asyncio has no public way to close what belonged to it.
            sock.close()
            self._socket_transport._sock = None  # type: ignore[attr-defined]
        elif (end := getattr(self._socket_transport, "_call_connection_lost", None)) is not None:
            # A loop that has ended closes nothing any more, and its transports have no public way to give up their sockets.
            with contextlib.suppress(AttributeError):  # given up before
                end(None)

    def probe(self) -> bool:
        return self._session.ended is None and not self._transport.is_closing()

    @property
    def closed(self) -> bool:
        return self._session.ended is not None or self._transport.is_closing()

    def refusal(self) -> InterfaceError | None:
        if self._session.ended is None and self._transport.is_closing():
            return InterfaceError("Connection is closed")
        return self._session.refusal()

    @property
    def busy(self) -> bool:
        return self._fence is not None or self._session.in_flight > 0

    @property
    def clean(self) -> bool:
        """As `Wire.clean`."""
        return self._fence is None and self._session.clean and not self._transport.is_closing()

    @property
    def stopping(self) -> bool:
        """Whether a statement is being cancelled, or a COPY runs."""
        return self._fence is not None

    @property
    def in_flight(self) -> int:
        """Statements asked for and not answered: whoever shares the connection out looks which has fewest."""
        return self._session.in_flight

    @property
    def idle(self) -> tuple[float, Status] | None:
        seconds = self._session.idle_for
        return None if seconds is None else (seconds, STATUS[self._session.status])

    @property
    def refusals(self) -> int | None:
        return self._session.refusals

    @property
    def status(self) -> Status:
        if self._cancelling is not None and self._cancelling.undoing:
            return Status.IDLE  # to whoever comes next
        return STATUS[self._session.status]

    @property
    def requests(self) -> int:
        return self._session.requests

    @property
    def reading(self) -> str:
        return reading(self._session)

    @property
    def server_version(self) -> str:
        return server_version(self._session)

    def facts(self) -> dict[str, Any]:
        return facts(self._session)

    def __repr__(self) -> str:
        return describe(self._settings, self._session)
