"""Who has a blocking connection: one thread at a time, or the one that ends what its caller left behind."""

from __future__ import annotations

import contextlib
import socket
import weakref
from collections.abc import Callable
from threading import current_thread
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

from ferrow._core import PgLock
from ferrow.errors import InterfaceError, QueryTimeout
from ferrow.wire.blocking.cancelling import Cancellation, cancel_now
from ferrow.wire.deadline import late, limit
from ferrow.wire.postgresql import COPY_RUNS

if TYPE_CHECKING:
    from ferrow._core import Result
    from ferrow.wire.blocking.copy import Copying
    from ferrow.wire.blocking.session import BlockingSession
    from ferrow.wire.news import News
    from ferrow.wire.settings import Settings

T = TypeVar("T")

_RESULT = (
    "the connection was used from inside one of its own results (by a model's constructor): "
    "collect the rows first, then query"
)
_MOMENT = 1.0  # seconds after which whoever has the lock is taken for busy, though no statement runs


class Owned:
    """A connection and its lock. Whoever calls has both until it returns, or until its deadline."""

    __slots__ = (
        "_copying",
        "_limit",
        "_lock",
        "_session",
        "_settings",
        "_sock",
        "news",
        "rows_now",
        "run_now",
    )

    def __init__(self, session: BlockingSession, sock: socket.socket, settings: Settings, news: News) -> None:
        self.news: News = news
        self._session = session
        self._sock = sock
        self._settings = settings
        self._limit = settings.command_timeout
        # Reentrant, so that a model constructor that queries gets an error instead of a deadlock.
        self._lock = PgLock(session, weakref.ref(self), _RESULT, limited=self._limit is not None)
        self.run_now: Callable[..., Result] = self._lock.run_now
        self.rows_now: Callable[..., list[Any]] = self._lock.rows_now
        self._copying: Copying | None = None

    def _call(self, function: Callable[..., T], *arguments: Any) -> T:
        while True:
            if (cancellation := self._lock.cancellation) is not None:
                cancellation.wait(None)
            if (copying := self._anothers()) is not None:
                copying.wait(None)
            with self._lock:
                # Otherwise one that began meanwhile has yet to end.
                if self._lock.cancellation is None and self._anothers() is None:
                    return self._work(function, arguments, {})

    call = _call
    """For the pipelines of this connection."""

    def _timed(self, sql: str, timeout: float | None, function: Callable[..., T], *arguments: Any) -> T:
        """As `_call`, for `timeout` seconds at most, of which the function gets those that are left. Raises QueryTimeout."""
        seconds = limit(timeout, self._limit)
        if seconds is None or self._lock.owned:  # from inside: refused at once
            return self._call(function, *arguments)
        at = monotonic() + seconds
        while True:
            cancellation = self._lock.cancellation
            if cancellation is not None and not cancellation.wait(max(0.0, at - monotonic())):
                raise late(seconds, sql, sent=False)
            copying = self._anothers()
            if copying is not None and not copying.wait(max(0.0, at - monotonic())):
                raise late(seconds, sql, sent=False, copying=True)
            left = max(0.0, at - monotonic())
            try:
                if not self._lock.acquire(timeout=left):
                    raise late(seconds, sql, sent=False)
                if self._lock.cancellation is None and self._anothers() is None:
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

    def _anothers(self) -> Copying | None:
        """The COPY of another thread, whose end a statement waits for. One of this thread would never end meanwhile, nor one of a
        thread that has ended."""
        copying = self._copying
        if copying is None or copying.woken or copying.thread is current_thread() or not copying.thread.is_alive():
            return None
        return copying

    def _work(self, function: Callable[..., T], arguments: tuple[Any, ...], options: dict[str, Any]) -> T:
        if self._lock.inside is not None:
            raise InterfaceError(self._lock.inside)
        self._lock.inside = _RESULT
        try:
            return function(*arguments, **options)
        except BaseException as error:
            self._failed(error, arguments)
            raise
        finally:
            self._lock.inside = None if self._copying is None else COPY_RUNS

    def _failed(self, error: BaseException, arguments: tuple[Any, ...]) -> None:
        # Its deadline or Ctrl-C may leave the statement running.
        if not self._is_piped(error):
            self._leave(void=arguments == ("",) and not self._session.queued)

    def _is_piped(self, error: BaseException) -> bool:
        """Whether what runs belongs to a pipeline, and has nothing to do with this error."""
        return isinstance(error, Exception) and self._session.in_flight == self._session.queued

    def _leave(self, *, void: bool = False) -> None:
        """What is still running ends in the background: the caller has the lock, and is about to release it."""
        if self._session.in_flight and self._session.ended is None and self._lock.cancellation is None:
            cancellation = Cancellation(self, void=void)
            try:
                cancellation.start()
            except RuntimeError:  # no more threads
                self._drop()
            else:
                self._lock.cancellation = cancellation

    def _ask(self, function: Callable[[], T]) -> T:
        """What takes a moment, and may be done in the middle of a COPY."""
        while True:
            if (cancellation := self._lock.cancellation) is not None:
                cancellation.wait(None)
            with self._lock:
                if self._lock.cancellation is None:
                    return function()

    def _copy_call(self, seconds: float | None, function: Callable[..., T], *arguments: Any) -> T:
        """A step of the COPY under way, the one thing that may use the connection."""
        with self._lock:
            try:
                return function(*arguments) if seconds is None else function(*arguments, timeout=seconds)
            except BaseException as error:
                self._copy_ended()
                self._leave()
                if seconds is not None and isinstance(error, QueryTimeout):
                    raise late(seconds, "COPY") from None
                raise

    def _copy_stop(self) -> None:
        with self._lock:
            self._copy_ended()
            self._leave()

    def _copy_ended(self) -> None:
        self._lock.inside = None
        if self._copying is not None:
            self._copying.over = True
            self._copying.wake()
            self._copying = None

    async def settle(self, timeout: float) -> bool:
        cancellation = self._lock.cancellation
        if cancellation is not None and not cancellation.wait(timeout):
            self.abort()
            return False

        def end() -> bool:
            if self._session.ended is None and self._session.in_flight:
                self._copy_ended()
                return cancel_now(self, timeout)
            return self._session.ended is None

        return self._ask(end)

    def undo(self) -> bool:
        cancellation = self._lock.cancellation
        if cancellation is not None:
            return bool(cancellation.undo())
        # Outside of a transaction whoever asks waited for another thread's COPY: nothing has begun.
        return self._anothers() is not None and bool(self._ask(lambda: self._session.status == "idle"))

    async def close(self) -> None:
        """As `Wire.close`. A statement of another thread is cut off, as on an event loop, not waited for."""
        cancellation = self._lock.cancellation
        if cancellation is not None and cancellation.close():
            return  # once the server has been told to stop
        if self._lock.owned or not self._quiet():
            self.abort()
            return
        try:
            if self._session.ended is None:
                with contextlib.suppress(OSError):
                    self._sock.send(self._session.terminate(), socket.MSG_DONTWAIT)
            self._lock.closing = True
            self._drop()
        finally:
            self._lock.release()

    def abort(self) -> None:
        cancellation = self._lock.cancellation
        if cancellation is not None and cancellation.close():
            cancellation.disconnect()
            return
        self._lock.closing = True
        if self._lock.owned_by_parent:
            self._sock.close()  # only the descriptor: the parent uses the connection
            return
        if not self._lock.defer(self._drop):
            # Wakes the thread that waits for the server; in a signal handler that is this one.
            with contextlib.suppress(OSError):
                self._sock.shutdown(socket.SHUT_RDWR)

    def _drop(self) -> None:
        self._session.abandon("Connection is closed")
        if self._copying is not None:
            self._lock.inside = None  # who waits for its end is told of the connection's
            self._copying.wake()
        self.news.inbox.wake()
        # In a forked child the socket is shared with the parent: close the number, do not shut it down.
        self._sock.close()

    def _quiet(self) -> bool:
        """Take the lock; False: a statement runs. Who has it to look at what has arrived gives it back at once."""
        lock = self._lock
        if lock.cancellation is not None or lock.owned_by_parent:
            return False
        return lock.acquire(blocking=False) or (lock.inside is None and lock.acquire(timeout=_MOMENT))
