"""Threads for what must be done and nobody waits for. All of them are short: what they wait for has a deadline."""

from __future__ import annotations

import atexit
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from sys import is_finalizing

from ferrow.process import pid

_EXIT = 2.0  # seconds that all threads together get to end by themselves when the interpreter does
_CUT = 0.5  # and then, once they were told to


class _Job:
    __slots__ = ("cut", "pid", "thread")

    def __init__(self, work: Callable[[], object], cut: Callable[[], object] | None) -> None:
        self.pid = pid()
        self.cut = cut

        def run() -> None:
            try:
                work()
            finally:
                _LIVE.discard(self)

        self.thread = threading.Thread(target=run, name="ferrow-background", daemon=True)


_LIVE: set[_Job] = set()


def run(work: Callable[[], object], cut: Callable[[], object] | None = None) -> None:
    """Do `work` in a thread of its own; `cut` ends it early. Raises RuntimeError where no thread can be started."""
    if is_finalizing():
        raise RuntimeError("the interpreter ends")  # before 3.12 it would be started, and waited for for ever
    job = _Job(work, cut)
    _LIVE.add(job)
    try:
        job.thread.start()
    except BaseException:
        _LIVE.discard(job)
        raise


def _finish() -> None:
    """A thread that comes back from the core after the interpreter has gone would be torn out of it."""
    jobs = [job for job in [*_LIVE] if job.pid == pid()]
    _join(jobs, _EXIT)
    for job in jobs:
        if job.cut is not None and job.thread.is_alive():
            with suppress(Exception):
                job.cut()
    _join(jobs, _CUT)


def _join(jobs: list[_Job], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    for job in jobs:
        job.thread.join(max(0.0, deadline - time.monotonic()))


atexit.register(_finish)
