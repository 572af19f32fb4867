"""A deadline for a statement of a driver that blocks: a timer tells it to stop."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import TracebackType

from ferrow.errors import DatabaseError
from ferrow.wire.deadline import late, limit


class Within:
    """`with Within(driver.cancel, driver.insists, seconds, sql)`. Raises QueryTimeout in place of what the stopped statement raised."""

    __slots__ = ("_again", "_cancel", "_fired", "_insists", "_lock", "_over", "_seconds", "_sql", "_timer")

    def __init__(self, cancel: Callable[[], None], insists: bool, timeout: float, sql: str) -> None:
        self._cancel = cancel
        self._insists = insists
        self._seconds = limit(timeout, None)
        self._sql = sql
        self._again = 0.05  # seconds
        self._fired = self._over = False
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None

    def _fire(self) -> None:
        with self._lock:  # a late timer must not stop what comes next
            if self._over:
                return
            self._fired = True
            if self._insists:  # until it has ended: the statement may not have begun to run
                self._wait(self._again)
                self._again = min(2 * self._again, 1.0)
            self._cancel()

    def _wait(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._fire)
        self._timer.daemon = True
        self._timer.start()

    def __enter__(self) -> None:
        if self._seconds is not None:
            self._wait(self._seconds)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._timer is None:
            return
        with self._lock:
            self._over = True
            self._timer.cancel()
        if self._fired and isinstance(error, DatabaseError):
            raise late(self._seconds or 0.0, self._sql) from error
