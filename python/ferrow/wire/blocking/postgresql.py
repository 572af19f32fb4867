"""The blocking PostgreSQL wire: the core reads and writes the socket's descriptor itself, without the GIL."""

from __future__ import annotations

import socket
from collections.abc import Iterable, Sequence
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

from ferrow._core import PgCopy, PgCursor, Shape
from ferrow.abc import Description, Status
from ferrow.errors import InterfaceError
from ferrow.wire.arrays import ByArrays, Disturbed
from ferrow.wire.blocking.attend import attend
from ferrow.wire.blocking.connecting import log_in
from ferrow.wire.blocking.copy import BlockingCopyIn, BlockingCopyOut, Copying
from ferrow.wire.blocking.cursor import BlockingPostgresCursor
from ferrow.wire.blocking.owned import Owned
from ferrow.wire.blocking.pipelining import BlockingPipeline
from ferrow.wire.blocking.session import BlockingSession
from ferrow.wire.deadline import left, limit
from ferrow.wire.description_cache import DescriptionCache
from ferrow.wire.news import News
from ferrow.wire.postgresql import STATUS, describe, facts, reading, server_version

if TYPE_CHECKING:
    from ferrow._core import Kinds, Result
    from ferrow.abc import Params
    from ferrow.wire.inbox import Reader
    from ferrow.wire.settings import Settings

T = TypeVar("T")

_TUPLES = Shape.tuples()


def open_postgresql(settings: Settings) -> BlockingPostgresWire:
    """Connect and log in. Raises OperationalError; the message names host and port."""
    session, sock, news, there = log_in(settings)
    return BlockingPostgresWire(session, sock, there, news)


class BlockingPostgresWire(ByArrays, Owned):
    """One connection. Threads may share it: each statement runs alone."""

    dialect = "postgresql"

    __slots__ = ("__weakref__", "_descriptions", "backend_pid")

    def __init__(self, session: BlockingSession, sock: socket.socket, settings: Settings, news: News) -> None:
        super().__init__(session, sock, settings, news)
        self._descriptions = DescriptionCache()
        self.backend_pid: int | None = (
            session.backend_pid
        )  # now, because a session at work in another thread cannot be asked

    async def run(
        self, sql: str, params: Params, shape: Shape, kinds: Kinds | None = None, timeout: float | None = None
    ) -> Result:
        if timeout is not None:
            return self._timed(sql, timeout, self._session.run_blocking, sql, params, shape)
        return self.run_now(sql, params, shape)

    def _run_slowly(self, sql: str, params: Params, shape: Shape) -> Result:
        """For `run_now` on a connection that is in use, or that has a deadline for statements."""
        if self._limit is not None:
            return self._timed(sql, None, self._session.run_blocking, sql, params, shape)
        return self._call(self._session.run_blocking, sql, params, shape)

    async def _parameter_types(self, sql: str, timeout: float | None) -> list[int] | None:
        session = self._session
        types = self._ask(lambda: session.parameter_types(sql))
        if types is None and not session.unnamed and self._settings.statement_cache_size:
            await self.prepare(sql, timeout)
            types = self._ask(lambda: session.parameter_types(sql))
        return types

    async def _one_by_one(self, sql: str, rows: Iterable[Sequence[Any]], shape: Shape, timeout: float | None) -> Result:
        return self._timed(sql, timeout, self._session.run_many_blocking, sql, rows, shape)

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
        session = self._session

        def all_of_it(timeout: float | None = None) -> Result:
            # Under one lock: what another thread did behind the savepoint would be undone with the rows.
            at = None if timeout is None else monotonic() + timeout
            if since is not None and session.requests != since:
                raise Disturbed
            session.script_blocking(before, timeout=timeout)
            result = session.run_many_blocking(sql, pieces, shape, timeout=left(at))
            if after is not None:
                session.script_blocking(after, timeout=left(at))
            return result

        return self._timed(sql, seconds, all_of_it)

    async def script(self, sql: str, timeout: float | None = None) -> None:
        self._timed(sql, timeout, self._session.script_blocking, sql)

    async def begin(self, sql: str, timeout: float | None = None, *, guarded: bool = False) -> None:
        self._timed(sql, timeout, self._begin, sql, guarded)

    def _begin(self, sql: str, guarded: bool, timeout: float | None = None) -> None:
        self._session.begin(sql, False, guarded)  # which does not wait

    async def pipeline(self) -> BlockingPipeline:
        self._call(self._session.listen)  # refused where something else has the connection
        return BlockingPipeline(self, self._session)

    async def wait_news(self, reader: Reader, timeout: float | None) -> bool:
        return attend(reader, timeout, self._take_arrived, partial(self._ask, self._session.heard))

    def _take_arrived(self, timeout: float | None) -> tuple[bool, int]:
        """Read what has come; whether the connection has ended, and its descriptor (-1: a statement ran all the while)."""
        if not self._lock.acquire(timeout=-1 if timeout is None else timeout):
            return False, -1
        try:
            self._session.listen()
            return self._session.ended is not None, self._sock.fileno()
        finally:
            self._lock.release()

    async def batch(self, statements: tuple[str, ...], timeout: float | None = None) -> list[int]:
        return self._timed("; ".join(statements[:3]), timeout, self._session.batch_blocking, statements).rows

    async def prepare(self, sql: str, timeout: float | None = None) -> None:
        self._timed(sql, timeout, self._session.prepare_blocking, sql)

    async def clear_cache(self) -> None:
        self._descriptions.clear()
        self._timed("clear_cache()", None, self._session.forget_blocking)

    def set_codec(self, codec: Any) -> None:
        self._call(self._session.set_codec, codec)

    async def open_cursor(
        self, sql: str, params: Params, shape: Shape, kinds: Kinds | None = None, timeout: float | None = None
    ) -> BlockingPostgresCursor:
        def begin(timeout: float | None = None) -> tuple[PgCursor, Result]:
            core = PgCursor(self._session)  # which asks the session for a name
            return core, core.open(sql, params, shape, timeout=timeout)

        core, opened = self._timed(sql, timeout, begin)
        return BlockingPostgresCursor(core, self, partial(self._timed, sql, timeout), opened)

    async def describe(self, sql: str, timeout: float | None = None) -> Description:
        described = self._timed(sql, timeout, PgCopy(self._session).describe, sql, _TUPLES)
        return self._descriptions.keep(sql, described, self._ask(self._session.types))

    def remembered(self, sql: str) -> Description | None:
        if not self._quiet():
            return None
        try:
            session = self._session
            return self._descriptions.get(sql, session.types()) if session.status == Status.IDLE else None
        finally:
            self._lock.release()

    async def copy_in(self, sql: str, timeout: float | None = None, describing: str | None = None) -> BlockingCopyIn:
        copying, begun = self._begin_copy(sql, False, timeout, describing)
        return BlockingCopyIn(copying, None if describing is None else (begun.columns, begun.type_codes))

    async def copy_out(self, sql: str, timeout: float | None = None) -> BlockingCopyOut:
        return BlockingCopyOut(self._begin_copy(sql, True, timeout)[0])

    def _begin_copy(
        self, sql: str, out: bool, timeout: float | None, describing: str | None = None
    ) -> tuple[Copying, Result]:
        core = PgCopy(self._session)
        seconds = limit(timeout, self._limit)

        def begin(timeout: float | None = None) -> tuple[Copying, Result]:
            begun = core.begin(sql, out, timeout=timeout, described=describing)
            # Before anybody else can get in.
            self._copying = Copying(
                core, self._session, call=self._copy_call, stop=self._copy_stop, ended=self._copy_ended, seconds=seconds
            )
            return self._copying, begun

        return self._timed(sql, timeout, begin)

    def probe(self) -> bool:
        if not self._quiet():
            return not self.closed
        try:
            self._session.listen()  # no loop watches the socket: a server that hung up meanwhile is found here
            return self._session.ended is None
        finally:
            self._lock.release()

    # While a statement runs the answers are known without asking the session.

    @property
    def closed(self) -> bool:
        if self._lock.closing:
            return True
        if not self._quiet():
            cancellation = self._lock.cancellation
            return cancellation is not None and (cancellation.closing or cancellation.elsewhere)
        try:
            return self._session.ended is not None
        finally:
            self._lock.release()

    def refusal(self) -> InterfaceError | None:
        if self._lock.closing or not self._quiet():
            return InterfaceError("Connection is closed") if self.closed else None
        try:
            return self._session.refusal()
        finally:
            self._lock.release()

    @property
    def stopping(self) -> bool:
        """Whether a statement is being cancelled."""
        return self._lock.cancellation is not None

    @property
    def busy(self) -> bool:
        if not self._quiet():
            return True
        try:
            return self._session.in_flight > 0
        finally:
            self._lock.release()

    @property
    def idle(self) -> tuple[float, Status] | None:
        # Another thread would find the session in use, and take itself for being inside of one of its own results.
        if not self._quiet():
            return None
        try:
            seconds = self._session.idle_for
            return None if seconds is None else (seconds, STATUS[self._session.status])
        finally:
            self._lock.release()

    @property
    def refusals(self) -> int | None:
        return self._session.refusals  # only whoever has the connection asks

    @property
    def clean(self) -> bool:
        """As `Wire.clean`."""
        if not self._quiet():
            return False
        try:
            return self._session.clean
        finally:
            self._lock.release()

    @property
    def status(self) -> Status:
        cancellation = self._lock.cancellation
        if cancellation is not None and cancellation.undoing:
            return Status.IDLE  # to whoever comes next
        return self._ask(lambda: STATUS[self._session.status])

    @property
    def requests(self) -> int:
        return self._ask(lambda: self._session.requests)

    @property
    def reading(self) -> str:
        return self._ask(lambda: reading(self._session))

    @property
    def server_version(self) -> str:
        return self._ask(lambda: server_version(self._session))

    def facts(self) -> dict[str, Any]:
        return self._ask(lambda: facts(self._session))

    def __del__(self) -> None:
        sock = getattr(self, "_sock", None)
        if sock is not None and sock.fileno() != -1:
            sock.close()

    def __repr__(self) -> str:
        if not self._quiet():
            return f"{self._settings.redacted} pid={self.backend_pid} busy"
        try:
            return describe(self._settings, self._session)
        finally:
            self._lock.release()
