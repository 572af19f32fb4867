"""An event that is waited for, with a Ctrl-C anywhere in `wait`."""

from __future__ import annotations

import sys
import threading
from typing import Any

import pytest

from ferrow.wire.blocking.event import OneShotEvent


def test_set_wakes_all_who_wait_and_who_come_later() -> None:
    event, seen = OneShotEvent(), []
    assert not event.wait(0)
    assert not event.wait(0.001)
    threads = [
        threading.Thread(target=lambda limit=limit: seen.append(event.wait(limit))) for limit in (None, 20, None)
    ]
    for thread in threads:
        thread.start()
    event.set()
    for thread in threads:
        thread.join(20)
    assert seen == [True] * 3
    assert event.wait(0)
    assert event.wait(None)


@pytest.mark.parametrize("line", range(1, 20))
def test_an_interrupted_thread_blocks_nobody(line: int) -> None:
    """At each line, also between acquiring the gate and releasing it."""
    event, lines = OneShotEvent(), 0

    def interrupt(frame: Any, kind: str, argument: object) -> Any:
        nonlocal lines
        if frame.f_code is not OneShotEvent.wait.__code__:
            return None
        lines += kind == "line"
        if lines == line:
            raise KeyboardInterrupt
        return interrupt

    def wait() -> None:
        sys.settrace(interrupt)
        try:
            event.wait(0.01)
        except KeyboardInterrupt:
            pass
        finally:
            sys.settrace(None)

    other = threading.Thread(target=event.wait, args=(None,), daemon=True)
    interrupted = threading.Thread(target=wait)
    event._gate.release()  # what `set` does last, so that the gate is open for the one to be interrupted
    interrupted.start()
    interrupted.join(20)
    other.start()
    event._is_set = True
    other.join(5)
    assert not other.is_alive()
