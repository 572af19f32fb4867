"""After a failover: connections that still answer, but where nothing can be written."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from ferrow.errors import OperationalError
from ferrow.wire.suitable import READ_ONLY
from tests.pure.engine.rig import SETTINGS, Rig, both


def answers(rig: Rig, state: str) -> None:
    for wire in rig.world.opened:
        wire.answers[READ_ONLY] = SimpleNamespace(rows=[(state,)])


async def lent(rig: Rig, number: int) -> list[Any]:
    return [await rig.pool.acquire() for _ in range(number)]


@both(max_size=3)
async def test_a_server_that_refuses_to_write_loses_every_connection_opened_before(rig: Rig) -> None:
    refused, busy, idle = await lent(rig, 3)
    answers(rig, "on")
    rig.pool.release(idle)
    refused.wire.refusals = 1
    rig.pool.release(refused)
    await rig.until(lambda: rig.pool.stats().size == 1)
    assert idle.wire.log == ["close"]
    assert refused.wire.log == ["settle", READ_ONLY, "close"]
    assert busy.wire.log == [], "not while it is lent"
    rig.pool.release(busy)
    await rig.until(lambda: rig.pool.stats().size == 0)
    fresh = await rig.pool.acquire()
    assert fresh.wire is rig.world.opened[3]


@both(max_size=2)
async def test_a_transaction_that_was_meant_to_read_costs_nothing(rig: Rig) -> None:
    one, other = await lent(rig, 2)
    answers(rig, "off")
    rig.pool.release(other)
    one.wire.refusals = 1
    rig.pool.release(one)
    await rig.until(lambda: rig.pool.stats().idle == 2)
    assert one.wire.log == ["settle", READ_ONLY]
    rig.pool.release(await rig.pool.acquire())
    assert one.wire.log == ["settle", READ_ONLY], "and is not asked about again"


@both(max_size=1)
async def test_a_server_that_is_meant_to_be_read_only_does_not_cost_a_login_with_every_mistake(rig: Rig) -> None:
    for opened in (2, 2, 2):
        slot = await rig.pool.acquire()
        answers(rig, "on")
        slot.wire.refusals += 1
        rig.pool.release(slot)
        rig.pool.release(await rig.pool.acquire())
        assert len(rig.world.opened) == opened
    rig.world.skew = 10
    slot = await rig.pool.acquire()
    slot.wire.refusals += 1
    rig.pool.release(slot)
    await rig.until(lambda: rig.pool.stats().size == 0)


MEANT: list[dict[str, Any]] = [
    *({"target_session_attrs": wanted} for wanted in ("standby", "read-only", "prefer-standby")),
    {"parameters": {"options": "-c default_transaction_read_only=on"}},
]


@pytest.mark.parametrize("wanted", MEANT)
def test_who_asks_for_a_standby_keeps_it(wanted: dict[str, Any]) -> None:
    @both(max_size=1)
    async def body(rig: Rig) -> None:
        rig.pool.source.settings = SETTINGS.replace(**wanted)
        slot = await rig.pool.acquire()
        slot.wire.refusals = 1
        rig.pool.release(slot)
        assert await rig.pool.acquire() is slot
        assert slot.wire.log == ["settle"]

    for world in ("blocking", "asyncio"):
        body(world)


@both(max_size=2)
async def test_a_server_that_cannot_be_reached_casts_doubt_on_the_idle_ones(rig: Rig) -> None:
    one, other = await lent(rig, 2)
    other.wire.closed = True
    rig.pool.release(other)
    rig.pool.release(one)
    held = await rig.pool.acquire()
    log = [*held.wire.log]
    rig.world.failures = [OperationalError("the database system is starting up")]
    with pytest.raises(OperationalError):
        await rig.pool.acquire()
    rig.pool.release(held)
    assert await rig.pool.acquire() is held
    assert held.wire.log == [*log, "SELECT 1"]


@both(max_size=2)
async def test_one_that_was_lent_while_another_died_is_tried_out_as_well(rig: Rig) -> None:
    one, other = await lent(rig, 2)
    other.wire.closed = True
    rig.pool.release(other)
    rig.pool.release(one)
    assert await rig.pool.acquire() is one
    assert one.wire.log == ["SELECT 1"]


@both(max_size=2, recovery_timeout=0.1)
async def test_one_that_does_not_recover_casts_doubt_on_the_others(rig: Rig) -> None:
    one, other = await lent(rig, 2)
    rig.pool.release(other)
    one.wire.busy, one.wire.settles = True, False
    rig.pool.release(one)
    await rig.until(lambda: rig.pool.stats().recovering == 0)
    assert await rig.pool.acquire() is other
    assert other.wire.log == ["SELECT 1"]


@both(max_size=2)
async def test_one_that_takes_long_to_recover_casts_doubt_on_the_others(rig: Rig) -> None:
    rig.world.stop_the_clock()
    one, other = await lent(rig, 2)
    rig.pool.release(other)
    one.wire.busy = True
    one.wire.gates["settle"] = gate = rig.world.waiter()
    rig.pool.release(one)
    rig.world.skew = 0.4
    rig.pool.release(await rig.pool.acquire())
    assert other.wire.log == [], "for now it is quite usual"
    rig.world.skew = 0.6
    rig.pool.release(await rig.pool.acquire())
    assert other.wire.log == [], "it has answered since"
    third = await rig.pool.acquire()
    rig.pool.release(third)
    gate.set()
    await rig.until(lambda: rig.pool.stats().idle == 2)


@both(max_size=2)
async def test_what_was_idle_before_that_is_tried_out(rig: Rig) -> None:
    rig.world.stop_the_clock()
    one, other = await lent(rig, 2)
    rig.pool.release(other)
    one.wire.busy = True
    one.wire.gates["settle"] = gate = rig.world.waiter()
    rig.pool.release(one)
    rig.world.skew = 0.6
    for _ in range(2):
        rig.pool.release(await rig.pool.acquire())
    assert other.wire.log == ["SELECT 1"], "once"
    gate.set()
    await rig.until(lambda: rig.pool.stats().idle == 2)
