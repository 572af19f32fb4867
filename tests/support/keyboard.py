"""Ctrl-C, for tests that press it."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def listening() -> Iterator[None]:
    """SIGINT raises KeyboardInterrupt in this block.

    A shell starts what it puts into the background with SIGINT ignored, and Python leaves it at that.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
