"""Ending what a caller left behind, by deadline or Ctrl-C, in a thread of its own: the caller does not wait for that.

The connection belongs to the thread from the moment its caller has released it until `over`. Nobody is asked for anything
meanwhile: who wants the connection waits.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from typing import TYPE_CHECKING

from ferrow.errors import DatabaseError, InterfaceError, QueryTimeout
from ferrow.process import pid
from ferrow.wire.blocking import background
from ferrow.wire.blocking.connecting import open_errand
from ferrow.wire.blocking.event import OneShotEvent
from ferrow.wire.deadline import AGAIN, SETTLE

if TYPE_CHECKING:
    from ferrow.wire.blocking.owned import Owned
    from ferrow.wire.blocking.session import BlockingSession
    from ferrow.wire.settings import Settings

_FORKED = "the connection belongs to the process from which this one was forked; open a new one"


class Cancellation:
    """Cancels what runs on one connection and reads the answers that still come; drops the connection if that fails."""

    __slots__ = ("_ended", "_errand", "_mutex", "_over", "_pid", "_void", "_wire", "closing", "undoing")

    def __init__(self, wire: Owned, *, void: bool = False) -> None:
        """`void`: what runs is an empty statement, of which there is nothing to cancel: a heartbeat."""
        self._wire = wire
        self._void = void
        self._pid = pid()
        self._over = OneShotEvent()
        self._errand: socket.socket | None = None
        self._mutex = threading.Lock()
        self._ended = False
        self.undoing: bool | None = False
        """Whether a ROLLBACK follows, if there is anything to undo; None once it is too late to say so."""
        self.closing: bool = False
        """Whether the connection is to be closed at the end."""

    def start(self) -> None:
        """Begin. Raises RuntimeError where no thread can be started."""
        background.run(self._run, self._cut)

    @property
    def elsewhere(self) -> bool:
        """Whether this is a forked child, which has no such thread."""
        return self._pid != pid()

    def wait(self, timeout: float | None) -> bool:
        """Wait until it is over; False after `timeout` seconds. Raises InterfaceError in a forked child."""
        if self.elsewhere:
            raise InterfaceError(_FORKED)
        return self._over.wait(timeout)

    def undo(self) -> bool:
        """Have a ROLLBACK follow; False when it is too late for that."""
        with self._mutex:
            if self.undoing is None or self.elsewhere:
                return False
            self.undoing = True
            return True

    def close(self) -> bool:
        """Have the connection closed at the end; False when it is too late for that."""
        if self.elsewhere:
            self._wire._sock.close()  # the number: the connection is the parent's, who is still at it
        with self._mutex:
            self.closing |= not self._ended
            return not self._ended

    def disconnect(self) -> None:
        """It is being closed, and nobody wants to wait for that. The server is still told: it would not notice by itself."""
        if not self.elsewhere:
            with contextlib.suppress(OSError):
                self._wire._sock.shutdown(socket.SHUT_RDWR)

    def _cut(self) -> None:
        """The program ends, and has waited long enough."""
        self.close()
        self.disconnect()
        if (errand := self._errand) is not None:
            with contextlib.suppress(OSError):
                errand.shutdown(socket.SHUT_RDWR)

    def _run(self) -> None:
        wire = self._wire
        well = False
        try:
            with wire._lock:
                try:
                    # Also when it has been closed meanwhile: a server that sleeps or computes does not look whether its client is there.
                    self.end(wire._session, wire._settings)
                    well = True
                except Exception:
                    pass  # a connection that cannot be brought back is dropped, which is all there is to say
                finally:
                    with self._mutex:
                        self._ended = True
                    wire._lock.cancellation = None
                    if self.closing or not well:
                        wire._drop()
        finally:
            self._over.set()

    def end(self, session: BlockingSession, settings: Settings) -> None:
        """Cancel and drain, in the thread of the caller. Raises what goes wrong with that."""
        at = time.monotonic() + SETTLE
        message = session.cancel_message()
        while session.in_flight and session.ended is None:
            if not self._void:
                self._cancel(message, settings, at)
            left = at - time.monotonic()
            try:
                session.drain_blocking(max(0.0, min(AGAIN, left)))
            except QueryTimeout:
                # A server that had not read the statement to its end when the request came begins with it afterwards.
                if left <= AGAIN:
                    raise
        with self._mutex:
            undoing, self.undoing = self.undoing, self.undoing or None
        if undoing and session.status != "idle":
            session.script_blocking("ROLLBACK", max(0.0, at - time.monotonic()))

    def _cancel(self, message: bytes, settings: Settings, at: float) -> None:
        left = max(0.001, at - time.monotonic())
        with contextlib.closing(open_errand(settings, self._wire._session.secure, left)) as errand:
            self._errand = errand.sock
            try:
                errand.run(
                    message
                )  # the server closes once it has passed the signal on: it cannot hit a later statement
            finally:
                self._errand = None


def cancel_now(wire: Owned, timeout: float) -> bool:
    """The same in this thread, which has the connection. Whether it can be used; Ctrl-C drops it."""
    try:
        Cancellation(wire).end(wire._session, wire._settings)
    except (DatabaseError, OSError):
        wire._drop()
    except BaseException:
        wire._drop()
        raise
    return wire._session.ended is None
