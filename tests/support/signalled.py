"""A signal that comes to the thread of a test while it waits."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def signalled(when: Callable[[], Any], handler: Callable[[], Any]) -> Iterator[None]:
    """`handler` is called in this thread, out of what it waits in, as soon as `when` is true: another thread asks it, and sends the signal."""

    def press() -> None:
        while not when():
            pass
        signal.pthread_kill(here, signal.SIGUSR1)

    here = threading.get_ident()
    before = signal.signal(signal.SIGUSR1, lambda *_: handler())
    presser = threading.Thread(target=press)
    presser.start()
    try:
        yield
    finally:
        presser.join()
        signal.signal(signal.SIGUSR1, before)
