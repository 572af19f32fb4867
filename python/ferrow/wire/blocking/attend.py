"""Waiting for what a server says without being asked, while other threads may use the connection."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from ferrow.wire.blocking.watch import Watch

if TYPE_CHECKING:
    from ferrow.errors import DatabaseError
    from ferrow.wire.inbox import Reader


def attend(
    reader: Reader,
    timeout: float | None,
    take_arrived: Callable[[float | None], tuple[bool, int]],
    heard: Callable[[], DatabaseError | None],
) -> bool:
    """As `Wire.wait_news`.

    `take_arrived(seconds)` reads what has come, and says whether the connection is over, and which descriptor to watch:
    -1 when another thread had the connection for so many seconds. `heard` is the error for who waits for more.
    """
    deadline = None if timeout is None else time.monotonic() + timeout
    with Watch() as watch:
        reader.attend(watch.wake)
        try:
            while True:
                left = None if deadline is None else max(0.0, deadline - time.monotonic())
                ended, descriptor = take_arrived(left)
                if reader.ready():
                    return True
                if ended and (error := heard()) is not None:
                    raise error
                if left == 0:
                    return False
                if descriptor != -1:
                    # Without a lock: others go on, and wake this thread by what they read for it.
                    watch.wait(descriptor, left)
        finally:
            reader.attend(None)
