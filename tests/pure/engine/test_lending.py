"""Who gets a connection, in which order, and how long anybody waits for one."""

from __future__ import annotations

import pytest

from ferrow.engine.limits import Limits
from ferrow.errors import InterfaceError, OperationalError, PoolTimeout
from tests.pure.engine.rig import Rig, both


@both()
async def test_nothing_is_opened_before_it_is_needed(rig: Rig) -> None:
    assert rig.pool.stats().size == 0
    assert rig.world.opened == []


@both(min_size=3)
async def test_open_connects_min_size_times(rig: Rig) -> None:
    await rig.pool.open()
    assert len(rig.world.opened) == 3
    assert rig.pool.stats().idle == 3


@both()
async def test_open_connects_once_even_without_min_size_and_raises_what_connecting_raised(rig: Rig) -> None:
    rig.world.failures = [OperationalError("password authentication failed")]
    with pytest.raises(OperationalError, match="password authentication failed"):
        await rig.pool.open()
    assert rig.pool.stats().size == 0


@both()
async def test_a_returned_connection_is_lent_again(rig: Rig) -> None:
    slot = await rig.pool.acquire()
    rig.pool.release(slot)
    assert await rig.pool.acquire() is slot
    assert slot.wire.log == [], "nothing is sent for a clean connection"


@both(max_size=3)
async def test_the_freshest_connection_is_lent_first(rig: Rig) -> None:
    a, b = await rig.pool.acquire(), await rig.pool.acquire()
    rig.pool.release(a)
    rig.pool.release(b)
    assert await rig.pool.acquire() is b


@both(max_size=1)
async def test_callers_are_served_in_the_order_of_their_asking(rig: Rig) -> None:
    order: list[int] = []

    async def borrow(number: int) -> None:
        slot = await rig.pool.acquire()
        order.append(number)
        rig.pool.release(slot)

    slot = await rig.pool.acquire()
    callers = []
    for number in range(8):
        callers.append(rig.start(borrow(number)))
        await rig.waiting(number + 1)
    rig.pool.release(slot)
    await rig.until(lambda: all(caller.finished for caller in callers))
    assert order == [*range(8)]
    assert len(rig.world.opened) == 1


@both(max_size=1)
async def test_a_newcomer_does_not_overtake_the_queue(rig: Rig) -> None:
    slot = await rig.pool.acquire()
    first = rig.start(rig.pool.acquire())
    await rig.waiting(1)
    rig.pool.release(slot)
    # The connection already belongs to the first in the queue, whether or not it has run since.
    with pytest.raises(PoolTimeout):
        await rig.pool.acquire(timeout=0)
    await rig.until(lambda: first.finished)
    assert first.value is slot


@both(max_size=2, acquire_timeout=600)
async def test_the_deadline_is_kept_and_the_error_says_who_holds_what(rig: Rig) -> None:
    gate = rig.world.waiter()

    async def holder() -> None:
        await rig.pool.acquire()
        await gate.wait(60)

    other = rig.start(holder())
    await rig.until(lambda: rig.pool.stats().used == 1)
    await rig.pool.acquire()
    start = rig.world.now()
    with pytest.raises(PoolTimeout) as caught:
        await rig.pool.acquire(timeout=0.05)
    assert rig.world.now() - start >= 0.05
    text = str(caught.value)
    assert "within 0.05 s" in text
    assert "2 of 2 connections (0 idle, 2 used" in text
    assert ("thread 'holder'" if rig.blocking else "task 'holder'") in text
    assert "rig.py" in text or "test_lending.py" in text, "where the holder stands"
    assert "(the one waiting now)" in text
    assert "max_size" in text
    assert "s3cret" not in text
    assert rig.pool.stats().waiting == 0
    gate.set()
    await rig.until(lambda: other.finished)


@both(max_size=1)
async def test_connecting_counts_against_the_deadline(rig: Rig) -> None:
    rig.world.stop_the_clock()
    await rig.pool.acquire(timeout=3.0)
    assert 2.5 < rig.world.timeouts[0] <= 3.0


@both(max_size=1, acquire_timeout=float("inf"))
async def test_without_a_deadline_there_is_none_for_connecting(rig: Rig) -> None:
    await rig.pool.acquire()
    assert rig.world.timeouts == [None]


@both(max_size=1)
async def test_a_connect_that_outlasts_the_deadline_is_a_pool_timeout(rig: Rig) -> None:
    rig.world.failures = [OperationalError("connecting timed out")]
    with pytest.raises(PoolTimeout) as caught:
        await rig.pool.acquire(timeout=0)
    assert isinstance(caught.value.__cause__, OperationalError)


@both(max_size=1)
async def test_a_failing_connect_tells_its_own_caller_and_the_next_one_tries_again(rig: Rig) -> None:
    gate = rig.world.gate = rig.world.waiter()
    rig.world.failures = [OperationalError("no route")]
    first = rig.start(rig.pool.acquire())
    await rig.until(lambda: rig.pool.stats().opening == 1)
    second = rig.start(rig.pool.acquire())
    await rig.waiting(1)
    gate.set()
    await rig.until(lambda: first.finished and second.finished)
    assert isinstance(first.error, OperationalError)
    assert second.value is not None
    assert rig.pool.stats().size == 1, "a failure does not cost a place"


@both(max_size=2)
async def test_giving_a_connection_back_twice_is_an_error(rig: Rig) -> None:
    slot = await rig.pool.acquire()
    rig.pool.release(slot)
    with pytest.raises(InterfaceError, match="twice"):
        rig.pool.release(slot)
    assert rig.pool.stats().idle == 1


@both(max_size=4)
async def test_the_repr_is_one_line_without_the_password(rig: Rig) -> None:
    await rig.pool.acquire()
    rig.pool.release(await rig.pool.acquire())
    assert repr(rig.pool) == (
        "<AsyncPool postgresql://me:****@h:5432/db: 2 of 4 connections (1 idle, 1 used, 0 opening, 0 recovering), 0 waiting>"
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"max_size": 0}, "max_size=0"),
        ({"max_size": True}, "max_size=True"),
        ({"min_size": -1}, "min_size=-1"),
        ({"min_size": 11}, "min_size=11 is more than max_size=10"),
        ({"acquire_timeout": -1}, "acquire_timeout=-1"),
        ({"max_lifetime": "1h"}, "max_lifetime='1h'"),
        ({"max_idle": float("nan")}, "max_idle=nan"),
    ],
)
def test_limits_that_cannot_be_meant_are_refused(options: dict[str, object], message: str) -> None:
    with pytest.raises(InterfaceError, match=message):
        Limits(**options)
