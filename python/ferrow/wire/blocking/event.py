"""An event to wait for, in spite of Ctrl-C."""

from __future__ import annotations

from threading import Lock
from time import monotonic

_POLL = 0.05  # seconds; polling is needed where a Ctrl-C has left the gate shut


class OneShotEvent:
    """As `threading.Event`, set once; a KeyboardInterrupt in `wait` does no harm to other threads.

    In `threading.Event.wait` it can leave the lock taken: then `set` blocks for ever, and so does everybody who waits for it. Here
    nothing depends on what an interrupted thread holds.
    """

    __slots__ = ("_gate", "_is_set")

    def __init__(self) -> None:
        self._is_set = False
        self._gate = Lock()
        self._gate.acquire()

    def set(self) -> None:
        """Wake all that wait. Called once."""
        self._is_set = True
        self._gate.release()

    def wait(self, timeout: float | None) -> bool:
        """Wait for `set`; False after `timeout` seconds."""
        until = None if timeout is None else monotonic() + timeout
        while not self._is_set:
            left = _POLL if until is None else min(_POLL, until - monotonic())
            if left <= 0.0:
                return False
            if self._gate.acquire(timeout=left):
                self._gate.release()
        return True
