"""Notices do not wait for the one lock of `logging`, which may stay taken for ever."""

from __future__ import annotations

import logging
import threading

import pytest

from ferrow.driver import Trace, log_statement
from ferrow.wire.notices import Notices


def notice() -> None:
    Notices()({"severity": "NOTICE", "message": "hey"})


def statement() -> None:
    log_statement(Trace(sql="SELECT 1", parameters=0, rowcount=1, seconds=0.1, error=None, pid=None))


@pytest.mark.parametrize("say", [notice, statement])
def test_a_lock_that_somebody_keeps_stops_nobody(say: object) -> None:
    assert callable(say)
    say()  # the first one finds the logger
    lock: threading.RLock = logging._lock  # type: ignore[attr-defined]
    lock.acquire()
    try:
        thread = threading.Thread(target=say, daemon=True)
        thread.start()
        thread.join(20)
        assert not thread.is_alive()
    finally:
        lock.release()
