"""Waiting for what ends once."""

from __future__ import annotations

from threading import Lock
from time import monotonic

_LOOK = 0.05  # seconds between two looks, of which there is need where a Ctrl-C kept the gate shut


class Over:
    """An Event that survives a Ctrl-C.

    One that comes while `threading.Event.wait` has its lock, or is about to take it again, leaves the lock taken, and who sets the event
    waits for ever, with all who wait for that. Here nothing depends on what an interrupted thread still has.
    """

    __slots__ = ("_gate", "_is")

    def __init__(self) -> None:
        self._is = False
        self._gate = Lock()
        self._gate.acquire()

    def set(self) -> None:
        """It is over. Called once."""
        self._is = True
        self._gate.release()

    def wait(self, timeout: float | None) -> bool:
        """Wait until it is over; False after `timeout` seconds."""
        until = None if timeout is None else monotonic() + timeout
        while not self._is:
            left = _LOOK if until is None else min(_LOOK, until - monotonic())
            if left <= 0.0:
                return False
            if self._gate.acquire(timeout=left):
                self._gate.release()
        return True
