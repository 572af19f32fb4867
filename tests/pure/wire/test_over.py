"""Waiting for what ends once, and a Ctrl-C anywhere in that."""

from __future__ import annotations

import sys
import threading
from typing import Any

import pytest

from ferrow.wire.blocking.over import Over


def test_it_is_over_for_all_who_wait_and_who_come_later() -> None:
    over, seen = Over(), []
    assert not over.wait(0)
    assert not over.wait(0.001)
    threads = [threading.Thread(target=lambda limit=limit: seen.append(over.wait(limit))) for limit in (None, 20, None)]
    for thread in threads:
        thread.start()
    over.set()
    for thread in threads:
        thread.join(20)
    assert seen == [True] * 3
    assert over.wait(0)
    assert over.wait(None)


@pytest.mark.parametrize("line", range(1, 20))
def test_whoever_is_interrupted_takes_nothing_along(line: int) -> None:
    """At each line: also between taking the gate and giving it back."""
    over, lines = Over(), 0

    def interrupt(frame: Any, event: str, argument: object) -> Any:
        nonlocal lines
        if frame.f_code is not Over.wait.__code__:
            return None
        lines += event == "line"
        if lines == line:
            raise KeyboardInterrupt
        return interrupt

    def wait() -> None:
        sys.settrace(interrupt)
        try:
            over.wait(0.01)
        except KeyboardInterrupt:
            pass
        finally:
            sys.settrace(None)

    other = threading.Thread(target=over.wait, args=(None,), daemon=True)
    interrupted = threading.Thread(target=wait)
    over._gate.release()  # what `set` does last, so that the gate is open for the one to be interrupted
    interrupted.start()
    interrupted.join(20)
    other.start()
    over._is = True
    other.join(5)
    assert not other.is_alive()
