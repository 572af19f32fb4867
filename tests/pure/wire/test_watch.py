"""What waits for a socket or for another thread."""

from __future__ import annotations

import socket

from ferrow.wire.blocking.watch import Watch, readable


def test_a_wait_that_was_ended_is_over_once() -> None:
    """What woke it is used up: the next one waits, and does not turn in circles."""
    near, far = socket.socketpair()
    with near, far, Watch() as watch:
        for _ in range(2):
            watch.wake()
            watch.wake()
            watch.wait(near.fileno(), None)
            assert not readable(watch._near)
            watch.wait(near.fileno(), 0.001)
            assert not readable(watch._near)
        far.send(b"news")
        watch.wait(near.fileno(), None)
        assert readable(near)


def test_one_that_does_not_wait_any_more_is_not_woken() -> None:
    with Watch() as watch:
        for _ in range(100_000):  # more than the system keeps
            watch.wake()
    watch.wake()
