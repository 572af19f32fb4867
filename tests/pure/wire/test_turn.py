"""What cannot wait for a turn is done at its end."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from ferrow.wire.blocking.turn import Turn


@contextmanager
def taken_elsewhere(turn: Turn) -> Iterator[None]:
    """Another thread has the turn until the end of the block."""
    begun, end = threading.Event(), threading.Event()

    def hold() -> None:
        with turn.lock:
            begun.set()
            end.wait(20)
        turn.over()

    thread = threading.Thread(target=hold)
    thread.start()
    assert begun.wait(20)
    try:
        yield
    finally:
        end.set()
        thread.join(20)


def test_it_is_done_at_once_when_nobody_has_the_turn() -> None:
    turn, done = Turn(), []
    assert turn.afterwards(lambda: done.append(1))
    assert done == [1]


def test_it_is_done_once_by_the_thread_that_has_the_turn() -> None:
    turn, done = Turn(), []
    with taken_elsewhere(turn):
        assert not turn.afterwards(lambda: done.append(threading.current_thread()))
        assert done == []
    assert len(done) == 1
    assert done[0] is not threading.current_thread()
    turn.over()
    assert len(done) == 1


def test_an_inner_turn_leaves_it_to_the_outer_one() -> None:
    turn, done, seen = Turn(), [], []
    with turn.lock:
        thread = threading.Thread(target=lambda: turn.afterwards(lambda: done.append(1)))
        thread.start()
        thread.join(20)
        with turn.lock:
            pass
        turn.over()
        seen += done
    turn.over()
    assert (seen, done) == ([], [1])


def test_threads_and_those_who_cannot_wait_lose_nothing() -> None:
    turn, done = Turn(), []

    def work() -> None:
        for _ in range(500):
            with turn.lock:
                pass
            turn.over()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(200):
        turn.afterwards(lambda number=number: done.append(number))  # type: ignore[misc]
        while len(done) <= number:  # whoever has the turn does it, soon
            assert any(thread.is_alive() for thread in threads) or len(done) > number
    for thread in threads:
        thread.join(20)
    assert done == [*range(200)]
