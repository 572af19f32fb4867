"""What happens to a connection between two borrowers."""

from __future__ import annotations

from ferrow.abc import Status
from ferrow.errors import ConnectionLost
from tests.pure.engine.rig import Rig, both


@both(max_size=1)
async def test_an_open_transaction_is_rolled_back_before_the_next_borrower(rig: Rig) -> None:
    slot = await rig.pool.acquire()
    slot.wire.status = Status.TRANSACTION
    rig.pool.release(slot)
    again = await rig.pool.acquire()
    assert again is slot
    assert slot.wire.log == ["settle", "ROLLBACK"]


@both(max_size=1)
async def test_a_statement_left_running_is_settled(rig: Rig) -> None:
    slot = await rig.pool.acquire()
    slot.wire.busy = True
    rig.pool.release(slot)
    assert await rig.pool.acquire() is slot
    assert slot.wire.log == ["settle"]


@both(max_size=1)
async def test_a_connection_that_does_not_settle_is_replaced(rig: Rig) -> None:
    slot = await rig.pool.acquire()
    slot.wire.busy = True
    slot.wire.settles = False
    rig.pool.release(slot)
    again = await rig.pool.acquire()
    assert again is not slot
    assert slot.wire.log == ["settle", "abort"]
    assert rig.pool.stats().size == 1


@both(max_size=1)
async def test_a_connection_that_does_not_roll_back_is_replaced(rig: Rig) -> None:
    slot = await rig.pool.acquire()
    slot.wire.status = Status.FAILED
    slot.wire.fails["ROLLBACK"] = ConnectionLost("gone")
    rig.pool.release(slot)
    assert await rig.pool.acquire() is not slot
    assert slot.wire.log == ["settle", "ROLLBACK", "abort"]


@both(max_size=1)
async def test_a_settle_that_raises_is_a_replacement_too(rig: Rig) -> None:
    slot = await rig.pool.acquire()
    slot.wire.busy = True
    slot.wire.fails["settle"] = ConnectionLost("gone")
    rig.pool.release(slot)
    assert await rig.pool.acquire() is not slot


@both(max_size=1)
async def test_a_changed_session_is_reset(rig: Rig) -> None:
    slot = await rig.pool.acquire()
    slot.touched = True
    rig.pool.release(slot)
    assert await rig.pool.acquire() is slot
    settle, reset = slot.wire.log
    assert settle == "settle"
    for part in (
        "RESET ALL",
        "UNLISTEN",
        "pg_advisory_unlock_all",
        "DISCARD TEMP",
        "SET SESSION AUTHORIZATION DEFAULT",
    ):
        assert part in reset
    assert "DISCARD ALL" not in reset, "that would drop what the driver prepared"
    rig.pool.release(slot)
    assert len(slot.wire.log) == 2, "once"


@both(max_size=1)
async def test_a_changed_sqlite_session_is_a_new_connection(rig: Rig) -> None:
    slot = await rig.pool.acquire()
    slot.wire.dialect = "sqlite"
    slot.touched = True
    rig.pool.release(slot)
    assert await rig.pool.acquire() is not slot


@both(max_size=1)
async def test_a_dead_connection_is_replaced_for_the_one_who_waits(rig: Rig) -> None:
    slot = await rig.pool.acquire()
    other = rig.start(rig.pool.acquire())
    await rig.waiting(1)
    slot.wire.closed = True
    rig.pool.release(slot)
    await rig.until(lambda: other.finished)
    assert other.value.wire is rig.world.opened[1]
    assert rig.pool.stats().size == 1


@both(max_size=1)
async def test_who_waits_gets_a_recovered_connection(rig: Rig) -> None:
    slot = await rig.pool.acquire()
    other = rig.start(rig.pool.acquire())
    await rig.waiting(1)
    slot.wire.status = Status.FAILED
    rig.pool.release(slot)
    await rig.until(lambda: other.finished)
    assert other.value is slot
    assert slot.wire.status is Status.IDLE


@both(max_size=3)
async def test_after_one_death_the_others_are_tried_out_once_before_they_are_lent(rig: Rig) -> None:
    a, b, c = [await rig.pool.acquire() for _ in range(3)]
    for slot in (a, b, c):
        rig.pool.release(slot)
    dead = await rig.pool.acquire()
    assert dead is c
    b.wire.fails["SELECT 1"] = ConnectionLost("terminated")
    dead.wire.closed = True
    rig.pool.release(dead)
    fresh = await rig.pool.acquire()
    assert fresh.wire is rig.world.opened[3], "b was found dead and replaced"
    assert b.wire.log == ["SELECT 1", "abort"]
    assert await rig.pool.acquire() is a
    assert a.wire.log == ["SELECT 1"]
    rig.pool.release(a)
    assert await rig.pool.acquire() is a
    assert a.wire.log == ["SELECT 1"], "not twice"


@both(max_size=1, check_after=10)
async def test_only_a_long_idle_connection_is_tried_out(rig: Rig) -> None:
    slot = await rig.pool.acquire()
    rig.pool.release(slot)
    rig.world.skew = 9
    rig.pool.release(await rig.pool.acquire())
    assert slot.wire.log == []
    rig.world.skew = 20
    rig.pool.release(await rig.pool.acquire())
    assert slot.wire.log == ["SELECT 1"]


@both(max_size=2, max_lifetime=100)
async def test_an_old_connection_is_closed_when_it_comes_back(rig: Rig) -> None:
    slot = await rig.pool.acquire()
    rig.world.skew = 101
    rig.pool.release(slot)
    await rig.until(lambda: rig.pool.stats().size == 0)
    assert slot.wire.log == ["close"]


@both(max_size=2, max_lifetime=100)
async def test_an_old_connection_is_not_lent(rig: Rig) -> None:
    slot = await rig.pool.acquire()
    rig.pool.release(slot)
    rig.world.skew = 101
    assert await rig.pool.acquire() is not slot
    await rig.until(lambda: rig.pool.stats().recovering == 0)
    assert slot.wire.log == ["close"]


@both(max_size=3, min_size=1, max_idle=50, check_after=1000)
async def test_idle_connections_above_min_size_are_closed(rig: Rig) -> None:
    slots = [await rig.pool.acquire() for _ in range(3)]
    for slot in slots:
        rig.pool.release(slot)
    for _ in range(4):
        rig.world.skew += 30
        rig.pool.release(await rig.pool.acquire())
    await rig.until(lambda: rig.pool.stats().recovering == 0)
    assert [slot.wire.log for slot in slots] == [["close"], ["close"], []]
    assert rig.pool.stats().size == 1


@both(max_size=2)
async def test_a_connection_that_died_while_idle_is_skipped(rig: Rig) -> None:
    slot = await rig.pool.acquire()
    rig.pool.release(slot)
    slot.wire.closed = True
    assert await rig.pool.acquire() is not slot
    assert rig.pool.stats().size == 1
