"""Waiting for a socket or for another thread, whichever comes first."""

from __future__ import annotations

import select
import socket
from types import TracebackType
from typing import Self

_LONG = 86_400.0  # the system call counts milliseconds in an int; who wants to wait longer comes again


class Watch:
    """Waits until a descriptor can be read, or until another thread calls `wake`."""

    __slots__ = ("_far", "_near")

    def __init__(self) -> None:
        self._near, self._far = socket.socketpair()
        self._far.setblocking(False)
        self._near.setblocking(False)

    def wake(self) -> None:
        """End the wait that is going on, or the next one."""
        try:
            self._far.send(b"\0")
        except OSError:
            pass  # full: it has been told; closed: it does not wait any more

    def wait(self, descriptor: int, seconds: float | None) -> None:
        """Wait without the GIL; signal handlers run, and what they raise ends the wait."""
        poll = select.poll()
        poll.register(self._near, select.POLLIN)
        poll.register(descriptor, select.POLLIN)
        # Rounded up: a wait of less than a millisecond would become a loop that does not wait.
        poll.poll(None if seconds is None else int(min(seconds, _LONG) * 1000) + 1)
        try:
            self._near.recv(4096)
        except BlockingIOError:
            pass

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._near.close()
        self._far.close()


def readable(sock: socket.socket) -> bool:
    """Whether something has arrived, or the other side has hung up. Waits for nothing."""
    poll = select.poll()
    poll.register(sock, select.POLLIN)
    return bool(poll.poll(0))
