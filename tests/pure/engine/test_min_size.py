"""`min_size` connections are kept: what is lost is opened again, without anybody's having to ask for it."""

from __future__ import annotations

from ferrow.errors import OperationalError
from tests.pure.engine.rig import Rig, both


@both(min_size=3, max_size=5)
async def test_what_was_lost_is_opened_again(rig: Rig) -> None:
    await rig.pool.open()
    for wire in rig.world.opened:
        wire.closed = True
    rig.pool.release(await rig.pool.acquire())
    await rig.until(lambda: rig.pool.stats().idle == 3)
    assert len(rig.world.opened) == 6


@both(min_size=2, max_size=2, max_lifetime=100)
async def test_what_grew_old_is_replaced(rig: Rig) -> None:
    await rig.pool.open()
    rig.world.skew = 101
    rig.pool.release(await rig.pool.acquire())
    await rig.until(lambda: rig.pool.stats().idle == 2)
    old = rig.world.opened[:2]
    assert [wire.log.count("close") for wire in old] in ([1, 1], [1, 0], [0, 1])
    assert rig.pool.stats().size == 2


@both(min_size=2, max_size=4)
async def test_a_server_that_is_away_is_not_asked_over_and_over(rig: Rig) -> None:
    await rig.pool.open()
    slot = await rig.pool.acquire()
    slot.wire.closed = True
    rig.world.failures = [OperationalError("refused")]
    rig.pool.release(slot)
    await rig.until(lambda: rig.world.failures == [] and rig.pool.stats().opening == 0)
    for _ in range(5):
        rig.pool.release(await rig.pool.acquire())
    assert len(rig.world.opened) == 2, "a place stays empty until something is opened or lost"
    assert rig.pool.stats().size == 1
    slots = [await rig.pool.acquire() for _ in range(2)]
    for slot in slots:
        rig.pool.release(slot)
    await rig.until(lambda: rig.pool.stats().idle == 2)


@both(min_size=3, max_size=5)
async def test_who_did_not_open_the_pool_gets_only_what_he_asks_for(rig: Rig) -> None:
    slot = await rig.pool.acquire()
    slot.wire.closed = True
    rig.pool.release(slot)
    rig.pool.release(await rig.pool.acquire())
    assert len(rig.world.opened) == 2


@both(min_size=2, max_size=2)
async def test_a_closed_pool_is_not_filled(rig: Rig) -> None:
    await rig.pool.open()
    slot = await rig.pool.acquire()
    slot.wire.closed = True
    closing = rig.start(rig.pool.close())
    await rig.until(lambda: rig.pool.closed)
    rig.pool.release(slot)
    await rig.until(lambda: closing.finished)
    assert rig.pool.stats().size == 0
    assert len(rig.world.opened) == 2
