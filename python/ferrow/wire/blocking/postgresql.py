"""The blocking PostgreSQL wire: the core reads and writes the socket's descriptor itself, without the GIL."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from ferrow._core import PgCopy, PgCursor, PgSession, Shape
from ferrow.abc import Description, Status
from ferrow.errors import ConnectionLost, DatabaseError, InterfaceError, QueryTimeout
from ferrow.wire.blocking.attend import attend
from ferrow.wire.blocking.connecting import log_in, open_socket
from ferrow.wire.blocking.copy import BlockingCopyIn, BlockingCopyOut, Copying
from ferrow.wire.blocking.cursor import BlockingPostgresCursor
from ferrow.wire.blocking.pipelining import BlockingPipeline
from ferrow.wire.blocking.turn import Turn
from ferrow.wire.news import News
from ferrow.wire.postgresql import (
    COPY_RUNS,
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

T = TypeVar("T")

_TUPLES = Shape.tuples()
_RESULT = (
    "the connection was used from inside one of its own results (by a model's constructor): "
    "collect the rows first, then query"
)

_SETTLE = 5.0  # seconds an interrupted statement gets to end after its cancel request
_MOMENT = 1.0  # seconds after which whoever has the lock is taken for busy, though no statement runs


def open_postgresql(settings: Settings) -> BlockingPostgresWire:
    """Connect and log in. Raises OperationalError; the message names host and port."""
    session, sock, news = log_in(settings)
    return BlockingPostgresWire(session, sock, settings, news)


class BlockingPostgresWire:
    """One connection. Threads may share it: each statement runs alone."""

    dialect = "postgresql"

    __slots__ = (
        "__weakref__",
        "_copying",
        "_inside",
        "_lock",
        "_session",
        "_settings",
        "_sock",
        "_turn",
        "backend_pid",
        "news",
    )

    def __init__(self, session: PgSession, sock: socket.socket, settings: Settings, news: News) -> None:
        self.news = news
        self._session = session
        self._sock = sock
        self._settings = settings
        self.backend_pid = session.backend_pid  # now, because a session at work in another thread cannot be asked
        # Reentrant, so that a model constructor that queries gets an error instead of a deadlock.
        self._turn = Turn()
        self._lock = self._turn.lock
        # What the connection is in the middle of, in the words of the error for who wants to use it then.
        self._inside: str | None = None
        self._copying: Copying | None = None

    async def run(self, sql: str, params: Params, shape: Shape, kinds: Kinds | None = None) -> Result:
        return self._call(self._session.run_blocking, sql, params, shape)

    async def run_many(
        self, sql: str, rows: Iterable[Sequence[Any]], shape: Shape, kinds: Kinds | None = None
    ) -> Result:
        return self._call(self._session.run_many_blocking, sql, rows, shape)

    async def script(self, sql: str) -> None:
        self._call(self._session.script_blocking, sql)

    async def begin(self, sql: str) -> None:
        self._call(self._session.begin, sql)

    async def pipeline(self) -> BlockingPipeline:
        self._call(self._session.listen)  # refused where something else has the connection
        return BlockingPipeline(self, self._session)

    async def script_within(self, sql: str, timeout: float) -> None:
        self._call(self._script_within, sql, timeout)

    def _script_within(self, sql: str, timeout: float) -> None:
        try:
            self._session.script_blocking(sql, timeout)
        except QueryTimeout:
            self._session.abandon(silent(timeout))
            self.abort()
            raise ConnectionLost(silent(timeout)) from None

    async def wait_news(self, reader: Reader, timeout: float | None) -> bool:
        return attend(reader, timeout, self._take_arrived)

    def _take_arrived(self, timeout: float | None) -> tuple[str | None, int]:
        """Read what has come; why the connection has ended, and its descriptor (-1: a statement ran all the while)."""
        if not self._lock.acquire(timeout=-1 if timeout is None else timeout):
            return None, -1
        try:
            self._session.listen()
            return self._session.ended, self._sock.fileno()
        finally:
            self._lock.release()
            self._turn.over()

    async def batch(self, statements: tuple[str, ...]) -> list[int]:
        return self._call(self._session.batch_blocking, statements).rows

    async def prepare(self, sql: str) -> None:
        self._call(self._session.prepare_blocking, sql)

    async def clear_cache(self) -> None:
        self._call(self._session.forget_blocking)

    def set_codec(self, codec: Any) -> None:
        self._call(self._session.set_codec, codec)

    def _call(self, function: Callable[..., T], *arguments: Any) -> T:
        try:
            with self._lock:
                if self._inside is not None:
                    raise InterfaceError(self._inside)
                self._inside = _RESULT
                try:
                    return function(*arguments)
                except BaseException as error:
                    # KeyboardInterrupt above all may leave the statement running: end it.
                    if self._session.in_flight and self._session.ended is None and not self._piped(error):
                        self._settle(_SETTLE)
                    raise
                finally:
                    self._inside = None
        finally:
            self._turn.over()

    def _piped(self, error: BaseException) -> bool:
        """Whether what runs belongs to a pipeline, and has nothing to do with this error."""
        return isinstance(error, Exception) and self._session.in_flight == self._session.queued

    def queue(self, function: Callable[..., T], *arguments: Any) -> T:
        """As `_call`, for what pipelines do: an error of theirs leaves nothing running that is not theirs."""
        try:
            with self._lock:
                if self._inside is not None:
                    raise InterfaceError(self._inside)
                self._inside = _RESULT
                try:
                    return function(*arguments)
                except Exception:
                    raise
                except BaseException:
                    if self._session.in_flight and self._session.ended is None:
                        self._settle(_SETTLE)
                    raise
                finally:
                    self._inside = None
        finally:
            self._turn.over()

    def _ask(self, function: Callable[[], T]) -> T:
        """What takes a moment, and may be done in the middle of a COPY."""
        try:
            with self._lock:
                return function()
        finally:
            self._turn.over()

    async def open_cursor(
        self, sql: str, params: Params, shape: Shape, kinds: Kinds | None = None
    ) -> BlockingPostgresCursor:
        core = PgCursor(self._session)
        opened = self._call(core.open, sql, params, shape)
        return BlockingPostgresCursor(core, self._session, self._call, opened.columns)

    async def describe(self, sql: str) -> Description:
        described = self._call(PgCopy(self._session).describe, sql, _TUPLES)
        return Description(described.columns, described.type_codes, self._call(self._session.types))

    async def copy_in(self, sql: str) -> BlockingCopyIn:
        return BlockingCopyIn(self._begin_copy(sql, False))

    async def copy_out(self, sql: str) -> BlockingCopyOut:
        return BlockingCopyOut(self._begin_copy(sql, True))

    def _begin_copy(self, sql: str, out: bool) -> Copying:
        with self._lock:
            core = PgCopy(self._session)
            self._call(core.begin, sql, out)
            self._inside = COPY_RUNS
            self._copying = copying = Copying(
                core, self._session, call=self._copy_call, stop=self._copy_stop, ended=self._copy_ended
            )
        return copying

    def _copy_call(self, function: Callable[..., T], *arguments: Any) -> T:
        """A step of the COPY under way, the one thing that may use the connection."""
        try:
            with self._lock:
                try:
                    return function(*arguments)
                except BaseException:
                    self._copy_ended()
                    if self._session.in_flight and self._session.ended is None:
                        self._settle(_SETTLE)
                    raise
        finally:
            self._turn.over()

    def _copy_stop(self) -> None:
        self._settle(_SETTLE)

    def _copy_ended(self) -> None:
        self._inside = None
        if self._copying is not None:
            self._copying.over = True
            self._copying = None

    def _settle(self, timeout: float) -> bool:
        self._copy_ended()
        try:
            self._cancel(timeout)
            self._session.drain_blocking(timeout)
        except (DatabaseError, OSError):
            self.abort()
        except BaseException:
            # A second Ctrl-C does not want to wait.
            self.abort()
            raise
        return self._session.ended is None

    def _cancel(self, timeout: float) -> None:
        message = self._session.cancel_message()
        with contextlib.closing(open_socket(self._settings, timeout)) as sock:
            sock.sendall(message)
            sock.settimeout(timeout)
            sock.recv(1)  # the server closes once it has passed the signal on, so it cannot hit a later statement

    async def settle(self, timeout: float) -> bool:
        def end() -> bool:
            if self._session.ended is None and self._session.in_flight:
                return self._settle(timeout)
            return self._session.ended is None

        return self._ask(end)

    async def close(self) -> None:
        with self._lock:
            if self._session.ended is None:
                with contextlib.suppress(OSError):
                    self._sock.send(self._session.terminate(), socket.MSG_DONTWAIT)
            self.abort()

    def abort(self) -> None:
        if not self._turn.afterwards(self._drop):
            with contextlib.suppress(OSError):
                self._sock.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits for the server

    def _drop(self) -> None:
        self._session.abandon("Connection is closed")
        self.news.inbox.wake()
        # In a forked child the socket is shared with the parent: close the number, do not shut it down.
        self._sock.close()

    def _quiet(self) -> bool:
        """Take the lock; False: a statement runs. Who has it to look at what has arrived gives it back at once."""
        lock = self._lock
        return lock.acquire(blocking=False) or (self._inside is None and lock.acquire(timeout=_MOMENT))

    def probe(self) -> bool:
        if self._quiet():
            try:
                self._session.listen()  # no loop watches the socket: a server that hung up meanwhile is found here
            finally:
                self._lock.release()
                self._turn.over()
        return not self.closed

    # While a statement runs the answers are known without asking the session.

    @property
    def closed(self) -> bool:
        if not self._quiet():
            return False
        try:
            return self._session.ended is not None
        finally:
            self._lock.release()
            self._turn.over()

    @property
    def busy(self) -> bool:
        if not self._quiet():
            return True
        try:
            return self._session.in_flight > 0
        finally:
            self._lock.release()
            self._turn.over()

    @property
    def status(self) -> Status:
        return self._ask(lambda: _STATUS[self._session.status])

    @property
    def requests(self) -> int:
        return self._ask(lambda: self._session.requests)

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
        return describe(self._settings, self._session)


_STATUS = {str(status): status for status in Status}
