"""Who has a blocking connection, and what is left to its turn."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest

from ferrow._core import PgLock
from ferrow.errors import InterfaceError
from tests.support.fed import unconnected


class Wire:
    """What the lock asks of its wire."""


WIRE = Wire()


def unlocked(wire: object = WIRE, *, limited: bool = False) -> PgLock:
    return PgLock(unconnected(statement_cache_size=0), weakref.ref(wire), "building a result", limited)


@contextmanager
def taken_elsewhere(lock: PgLock) -> Iterator[None]:
    """Another thread has the turn until the end of the block."""
    begun, end = threading.Event(), threading.Event()

    def hold() -> None:
        with lock:
            begun.set()
            end.wait(20)

    thread = threading.Thread(target=hold)
    thread.start()
    assert begun.wait(20)
    try:
        yield
    finally:
        end.set()
        thread.join(20)


def test_a_thread_may_take_it_again() -> None:
    lock = unlocked()
    with lock:
        assert lock.owned
        with lock:
            assert lock.owned
        assert lock.owned
    assert not lock.owned


def test_another_thread_waits_for_it_or_does_not() -> None:
    lock = unlocked()
    with taken_elsewhere(lock):
        assert not lock.owned
        assert not lock.acquire(blocking=False)
        assert not lock.acquire(timeout=0)
        assert not lock.acquire(timeout=0.01)
    assert lock.acquire()
    lock.release()


def test_who_does_not_have_it_cannot_give_it_back() -> None:
    lock = unlocked()
    with pytest.raises(RuntimeError, match="un-acquired"):
        lock.release()
    with taken_elsewhere(lock), pytest.raises(RuntimeError, match="un-acquired"):
        lock.release()


def test_threads_take_turns() -> None:
    lock, total = unlocked(), 0

    def work() -> None:
        nonlocal total
        for _ in range(300):
            with lock:
                seen = total
                threading.Event().wait(0)  # lets the others run
                total = seen + 1

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert total == 1200


def test_an_exception_gives_it_back() -> None:
    lock = unlocked()
    with pytest.raises(KeyError), lock:
        raise KeyError
    assert not lock.owned


def test_what_is_left_is_done_at_once_when_nobody_has_the_turn() -> None:
    lock, done = unlocked(), []
    assert lock.defer(lambda: done.append(1))
    assert done == [1]


def test_what_is_left_is_done_once_by_the_thread_that_has_the_turn() -> None:
    lock, done = unlocked(), []
    with taken_elsewhere(lock):
        assert not lock.defer(lambda: done.append(threading.current_thread()))
        assert done == []
    assert len(done) == 1
    assert done[0] is not threading.current_thread()
    with lock:
        pass
    assert len(done) == 1


def test_what_is_left_in_a_turn_of_ones_own_is_done_at_its_end() -> None:
    """A signal handler closes the connection in the middle of a statement."""
    lock = unlocked()
    done: list[str] = []
    with lock:
        assert not lock.defer(lambda: done.append("work"))
        assert not done
    assert done == ["work"]


def test_an_inner_turn_leaves_it_to_the_outer_one() -> None:
    lock, done, seen = unlocked(), [], []
    with lock:
        thread = threading.Thread(target=lambda: lock.defer(lambda: done.append(1)))
        thread.start()
        thread.join(20)
        with lock:
            pass
        seen += done
    assert (seen, done) == ([], [1])


def test_threads_and_those_who_cannot_wait_lose_nothing() -> None:
    lock, done = unlocked(), []

    def work() -> None:
        for _ in range(500):
            with lock:
                pass

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(200):
        lock.defer(lambda number=number: done.append(number))  # type: ignore[misc]
        while len(done) <= number:  # whoever has the turn does it, soon
            assert any(thread.is_alive() for thread in threads) or len(done) > number
    for thread in threads:
        thread.join(20)
    assert done == [*range(200)]


def test_what_is_left_may_fail() -> None:
    lock = unlocked()

    def fail() -> None:
        raise KeyError

    with pytest.raises(KeyError):
        lock.defer(fail)
    assert lock.acquire(blocking=False)
    lock.release()
    assert not lock.owned


def test_what_is_not_as_usual_is_the_wires() -> None:
    class Slow:
        def __init__(self) -> None:
            self.asked: list[Any] = []

        def _run_slowly(self, *asked: Any) -> Any:
            self.asked.append(asked)
            raise KeyError

    from ferrow._core import Shape

    wire, shape = Slow(), Shape.tuples()
    limited, cancellation, inside = unlocked(wire, limited=True), unlocked(wire), unlocked(wire)
    cancellation.cancellation = object()
    inside.inside = "COPY"
    for lock in (limited, cancellation, inside):
        for way in (lock.run_now, lock.rows_now):
            with pytest.raises(KeyError):
                way("SELECT 1", None, shape)
    assert wire.asked == [("SELECT 1", None, shape)] * 6


def test_a_failure_is_told_to_the_wire_while_it_has_the_turn() -> None:
    from ferrow._core import Shape

    class FakeWire:
        def __init__(self) -> None:
            self.told: list[Any] = []

        def _failed(self, error: BaseException, arguments: tuple[Any, ...]) -> None:
            self.told.append((type(error).__name__, arguments, lock.owned, lock.inside))

    wire = FakeWire()
    lock = unlocked(wire)
    for way in (lock.run_now, lock.rows_now):
        with pytest.raises(Exception, match="Connection is closed"):
            way("SELECT 1", None, Shape.tuples())
        assert (lock.owned, lock.inside) == (False, None)
    assert wire.told == [("InterfaceError", (), True, "building a result")] * 2


def test_the_wire_lives_as_long_as_the_statement() -> None:
    """Its socket goes with it, whose number is soon somebody else's; and an error stays what it is."""
    from ferrow._core import Shape

    told: list[BaseException] = []

    class Wire:
        def _failed(self, error: BaseException, arguments: object) -> None:
            told.append(error)

    class Params(Mapping[str, int]):
        def __len__(self) -> int:
            wires.clear()
            raise KeyError

        __iter__ = __getitem__ = None  # type: ignore[assignment]

    for way in ("run_now", "rows_now"):
        wires = [Wire()]
        lock = unlocked(wires[0])
        with pytest.raises(KeyError):
            getattr(lock, way)("SELECT 1", Params(), Shape.tuples())
        assert not lock.owned
        with pytest.raises(InterfaceError, match="Connection is closed"):
            getattr(lock, way)("SELECT 1", None, Shape.tuples())
    assert [type(error) for error in told] == [KeyError, KeyError]
