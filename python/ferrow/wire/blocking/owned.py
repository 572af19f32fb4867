"""Who has a blocking connection: one thread at a time, or the one that ends what its caller left behind."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

from ferrow.errors import InterfaceError, QueryTimeout
from ferrow.wire.blocking.cancelling import Settling, settle_now
from ferrow.wire.blocking.turn import Turn
from ferrow.wire.deadline import late, limit
from ferrow.wire.postgresql import COPY_RUNS

if TYPE_CHECKING:
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
        "_inside",
        "_limit",
        "_lock",
        "_session",
        "_settings",
        "_settling",
        "_sock",
        "_turn",
        "news",
    )

    def __init__(self, session: BlockingSession, sock: socket.socket, settings: Settings, news: News) -> None:
        self.news = news
        self._session = session
        self._sock = sock
        self._settings = settings
        # Reentrant, so that a model constructor that queries gets an error instead of a deadlock.
        self._turn = Turn()
        self._lock = self._turn.lock
        # What the connection is in the middle of, in the words of the error for who wants to use it then.
        self._inside: str | None = None
        self._copying: Copying | None = None
        # Ends what a caller left running. Set by whoever has the lock.
        self._settling: Settling | None = None
        self._limit = settings.command_timeout

    def _call(self, function: Callable[..., T], *arguments: Any) -> T:
        while True:
            if (settling := self._settling) is not None:
                settling.wait(None)
            try:
                with self._lock:
                    if self._settling is None:  # else it has yet to begin
                        # `_work` once more, because a call more is felt in a query of 20 microseconds.
                        if self._inside is not None:
                            raise InterfaceError(self._inside)
                        self._inside = _RESULT
                        try:
                            return function(*arguments)
                        except BaseException as error:
                            self._failed(error, arguments)
                            raise
                        finally:
                            self._inside = None if self._copying is None else COPY_RUNS
            finally:
                self._turn.over()

    call = _call
    """For the pipelines of this connection."""

    def _timed(self, sql: str, timeout: float | None, function: Callable[..., T], *arguments: Any) -> T:
        """As `_call`, for `timeout` seconds at most, of which the function gets those that are left. Raises QueryTimeout."""
        seconds = limit(timeout, self._limit)
        if seconds is None or self._lock._is_owned():  # type: ignore[attr-defined]  # from inside: refused at once
            return self._call(function, *arguments)
        at = monotonic() + seconds
        while True:
            settling = self._settling
            if settling is not None and not settling.wait(max(0.0, at - monotonic())):
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
        except BaseException as error:
            self._failed(error, arguments)
            raise
        finally:
            self._inside = None if self._copying is None else COPY_RUNS

    def _failed(self, error: BaseException, arguments: tuple[Any, ...]) -> None:
        # Its deadline or Ctrl-C may leave the statement running.
        if not self._is_piped(error):
            self._leave(void=arguments == ("",) and not self._session.queued)

    def _is_piped(self, error: BaseException) -> bool:
        """Whether what runs belongs to a pipeline, and has nothing to do with this error."""
        return isinstance(error, Exception) and self._session.in_flight == self._session.queued

    def _leave(self, *, void: bool = False) -> None:
        """What is still running ends in the background: the caller has the lock, and is about to release it."""
        if self._session.in_flight and self._session.ended is None and self._settling is None:
            settling = Settling(self, void=void)
            try:
                settling.start()
            except RuntimeError:  # no more threads
                self._drop()
            else:
                self._settling = settling

    def _ask(self, function: Callable[[], T]) -> T:
        """What takes a moment, and may be done in the middle of a COPY."""
        while True:
            if (settling := self._settling) is not None:
                settling.wait(None)
            try:
                with self._lock:
                    if self._settling is None:
                        return function()
            finally:
                self._turn.over()

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
        if settling is not None and settling.close():
            return  # once the server has been told to stop
        with self._lock:
            if self._session.ended is None:
                with contextlib.suppress(OSError):
                    self._sock.send(self._session.terminate(), socket.MSG_DONTWAIT)
            self.abort()

    def abort(self) -> None:
        settling = self._settling
        if settling is not None and settling.close():
            settling.hurry()
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
