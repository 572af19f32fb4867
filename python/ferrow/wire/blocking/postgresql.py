"""The blocking PostgreSQL wire: the core reads and writes the socket's descriptor itself, without the GIL."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

from ferrow._core import PgCopy, PgCursor, PgSession, Shape
from ferrow.abc import Description, Status
from ferrow.errors import InterfaceError, QueryTimeout
from ferrow.wire.blocking.attend import attend
from ferrow.wire.blocking.cancelling import Settling, settle_now
from ferrow.wire.blocking.connecting import log_in
from ferrow.wire.blocking.copy import BlockingCopyIn, BlockingCopyOut, Copying
from ferrow.wire.blocking.cursor import BlockingPostgresCursor
from ferrow.wire.blocking.turn import Turn
from ferrow.wire.deadline import late, limit
from ferrow.wire.news import News
from ferrow.wire.postgresql import COPY_RUNS, describe, facts, server_version

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
        "_limit",
        "_lock",
        "_session",
        "_settings",
        "_settling",
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
        # Ends what a caller left running. Set by whoever has the lock.
        self._settling: Settling | None = None
        self._limit = settings.command_timeout

    async def run(
        self, sql: str, params: Params, shape: Shape, kinds: Kinds | None = None, timeout: float | None = None
    ) -> Result:
        if timeout is not None or self._limit is not None:
            return self._timed(sql, timeout, self._session.run_blocking, sql, params, shape)
        return self._call(self._session.run_blocking, sql, params, shape)

    async def run_many(
        self,
        sql: str,
        rows: Iterable[Sequence[Any]],
        shape: Shape,
        kinds: Kinds | None = None,
        timeout: float | None = None,
    ) -> Result:
        return self._timed(sql, timeout, self._session.run_many_blocking, sql, rows, shape)

    async def script(self, sql: str, timeout: float | None = None) -> None:
        self._timed(sql, timeout, self._session.script_blocking, sql)

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

    async def batch(self, statements: tuple[str, ...], timeout: float | None = None) -> list[int]:
        return self._timed("; ".join(statements[:3]), timeout, self._session.batch_blocking, statements).rows

    async def prepare(self, sql: str, timeout: float | None = None) -> None:
        self._timed(sql, timeout, self._session.prepare_blocking, sql)

    async def clear_cache(self) -> None:
        self._timed("clear_cache()", None, self._session.forget_blocking)

    def set_codec(self, codec: Any) -> None:
        self._call(self._session.set_codec, codec)

    # --- who has the connection --------------------------------------------------------------------------------------

    def _call(self, function: Callable[..., T], *arguments: Any) -> T:
        while True:
            if self._settling is not None:
                self._settling.wait(None)
            try:
                with self._lock:
                    if self._settling is None:  # else it has yet to begin
                        return self._work(function, arguments, {})
            finally:
                self._turn.over()

    def _timed(self, sql: str, timeout: float | None, function: Callable[..., T], *arguments: Any) -> T:
        """As `_call`, for `timeout` seconds at most, of which the function gets those that are left. Raises QueryTimeout."""
        seconds = limit(timeout, self._limit)
        if seconds is None or self._lock._is_owned():  # type: ignore[attr-defined]  # from inside: refused at once
            return self._call(function, *arguments)
        at = monotonic() + seconds
        while True:
            if self._settling is not None and not self._settling.wait(max(0.0, at - monotonic())):
                raise late(seconds, sql, sent=False)
            left = max(0.0, at - monotonic())
            try:
                if not self._lock.acquire(timeout=left):
                    raise late(seconds, sql, sent=False)
                if self._settling is None:
                    return self._work(function, arguments, {"timeout": max(0.0, at - monotonic())})
            except QueryTimeout as error:
                if error.query is None:  # the core's
                    raise late(seconds, sql) from None
                raise
            finally:
                # At once: a Ctrl-C comes through between two calls, and this is the first since the lock was taken or work ended.
                try:
                    self._lock.release()
                except RuntimeError:
                    pass  # it was not taken
                self._turn.over()

    def _work(self, function: Callable[..., T], arguments: tuple[Any, ...], options: dict[str, Any]) -> T:
        if self._inside is not None:
            raise InterfaceError(self._inside)
        self._inside = _RESULT
        try:
            return function(*arguments, **options)
        except BaseException:
            # Its deadline or Ctrl-C may leave the statement running.
            self._leave()
            raise
        finally:
            self._inside = None if self._copying is None else COPY_RUNS

    def _leave(self) -> None:
        """What is still running ends in the background: the caller has the lock, and is about to release it."""
        if self._session.in_flight and self._session.ended is None and self._settling is None:
            settling = Settling(self)
            try:
                settling.start()
            except RuntimeError:  # no more threads
                self._drop()
            else:
                self._settling = settling

    def _ask(self, function: Callable[[], T]) -> T:
        """What takes a moment, and may be done in the middle of a COPY."""
        while True:
            if self._settling is not None:
                self._settling.wait(None)
            try:
                with self._lock:
                    if self._settling is None:
                        return function()
            finally:
                self._turn.over()

    # --- results in pieces -------------------------------------------------------------------------------------------

    async def open_cursor(
        self, sql: str, params: Params, shape: Shape, kinds: Kinds | None = None, timeout: float | None = None
    ) -> BlockingPostgresCursor:
        core = PgCursor(self._session)
        opened = self._timed(sql, timeout, core.open, sql, params, shape)
        return BlockingPostgresCursor(core, self, partial(self._timed, sql, timeout), opened.columns)

    async def describe(self, sql: str, timeout: float | None = None) -> Description:
        described = self._timed(sql, timeout, PgCopy(self._session).describe, sql, _TUPLES)
        return Description(described.columns, described.type_codes, self._ask(self._session.types))

    async def copy_in(self, sql: str, timeout: float | None = None) -> BlockingCopyIn:
        return BlockingCopyIn(self._begin_copy(sql, False, timeout))

    async def copy_out(self, sql: str, timeout: float | None = None) -> BlockingCopyOut:
        return BlockingCopyOut(self._begin_copy(sql, True, timeout))

    def _begin_copy(self, sql: str, out: bool, timeout: float | None) -> Copying:
        core = PgCopy(self._session)
        seconds = limit(timeout, self._limit)

        def begin(timeout: float | None = None) -> Copying:
            core.begin(sql, out, timeout=timeout)
            # Before anybody else can get in.
            self._copying = Copying(
                core, self._session, call=self._copy_call, stop=self._copy_stop, ended=self._copy_ended, seconds=seconds
            )
            return self._copying

        return self._timed(sql, timeout, begin)

    def _copy_call(self, seconds: float | None, function: Callable[..., T], *arguments: Any) -> T:
        """A step of the COPY under way, the one thing that may use the connection."""
        try:
            with self._lock:
                try:
                    return function(*arguments) if seconds is None else function(*arguments, timeout=seconds)
                except BaseException as error:
                    self._copy_ended()
                    self._leave()
                    if seconds is not None and isinstance(error, QueryTimeout):
                        raise late(seconds, "COPY") from None
                    raise
        finally:
            self._turn.over()

    def _copy_stop(self) -> None:
        with self._lock:
            self._copy_ended()
            self._leave()

    def _copy_ended(self) -> None:
        self._inside = None
        if self._copying is not None:
            self._copying.over = True
            self._copying = None

    # --- its end -----------------------------------------------------------------------------------------------------

    async def settle(self, timeout: float) -> bool:
        settling = self._settling
        if settling is not None and not settling.wait(timeout):
            self.abort()
            return False

        def end() -> bool:
            if self._session.ended is None and self._session.in_flight:
                self._copy_ended()
                return settle_now(self, timeout)
            return self._session.ended is None

        return self._ask(end)

    def undo(self) -> bool:
        settling = self._settling
        return settling is not None and settling.undo()

    async def close(self) -> None:
        settling = self._settling
        if settling is not None:
            if settling.elsewhere:
                self._sock.close()
            settling.closing = True  # once the server has been told to stop
            return
        with self._lock:
            if self._session.ended is None:
                with contextlib.suppress(OSError):
                    self._sock.send(self._session.terminate(), socket.MSG_DONTWAIT)
            self.abort()

    def abort(self) -> None:
        settling = self._settling
        if settling is not None:
            if settling.elsewhere:
                self._sock.close()  # the number: the connection is the parent's, who is still at it
                return
            settling.hurry()
            with contextlib.suppress(OSError):
                self._sock.shutdown(socket.SHUT_RDWR)
            return
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
        if self._settling is not None:
            return False
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
            settling = self._settling
            return settling is not None and (settling.closing or settling.elsewhere)
        try:
            return self._session.ended is not None
        finally:
            self._lock.release()
            self._turn.over()

    @property
    def stopping(self) -> bool:
        """Whether a statement is being cancelled."""
        return self._settling is not None

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
        settling = self._settling
        if settling is not None and settling.undoing:
            return Status.IDLE  # to whoever comes next
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
