"""idle + used + opening + recovering = size <= max_size, whatever happens in whatever order."""

from __future__ import annotations

import random
import threading
from typing import Any

import pytest

from ferrow.abc import Status
from ferrow.engine.limits import Limits
from ferrow.engine.shard import Shard
from ferrow.engine.slot import Permit, Slot, Ticket
from ferrow.errors import ConnectionLost, Error
from ferrow.wire.drive import drive
from tests.pure.engine.rig import FakeBlocking, FakeWire, Rig


class Bell:
    def set(self) -> None: ...

    async def wait(self, timeout: float | None) -> bool:
        return True


@pytest.mark.parametrize("seed", range(200))
def test_any_sequence_of_steps_keeps_both_laws(seed: int) -> None:
    chance = random.Random(seed)
    limits = Limits(max_size=chance.randint(1, 4), min_size=0, max_lifetime=50, max_idle=20)
    shard = Shard(0, None, limits)
    permits: list[Any] = []
    held: list[Slot] = []
    recovering: list[Slot] = []
    queue: list[Ticket] = []
    now = 0.0

    def take(grant: Any) -> None:
        (held if isinstance(grant, Slot) else permits).append(grant)

    for _ in range(400):
        now += chance.random()
        for ticket in [ticket for ticket in queue if ticket.grant is not None]:
            queue.remove(ticket)
            if chance.random() < 0.3:
                shard.withdraw(ticket, now)
            else:
                take(ticket.grant)
        step = chance.randrange(9)
        if step <= 2:
            got = shard.ask(now, Bell)
            queue.append(got) if isinstance(got, Ticket) else take(got)
        elif step == 3 and permits:
            permits.pop()
            if chance.random() < 0.3:
                shard.open_failed()
            else:
                slot = Slot(FakeWire(None, 0), shard, now + 30, now)
                assert shard.opened(slot)
                held.append(slot)
        elif step == 4 and held:
            shard.put_back(held.pop(chance.randrange(len(held))), now)
        elif step == 5 and held:
            slot = held.pop()
            fate = chance.randrange(3)
            if fate == 0:
                shard.lost(slot, now)
            elif fate == 1:
                shard.reopen(slot, now)
                permits.append(Permit.OPEN)
            else:
                shard.recover(slot)
                recovering.append(slot)
        elif step == 6 and recovering:
            slot = recovering.pop()
            shard.recovered(slot, now) if chance.random() < 0.5 else shard.gone(slot)
        elif step == 7 and queue:
            ticket = queue.pop(chance.randrange(len(queue)))
            if ticket.grant is None and chance.random() < 0.5:
                assert shard.give_up(ticket)
            else:
                shard.withdraw(ticket, now)
        else:
            for slot in shard.idle:
                slot.wire.closed = slot.wire.closed or chance.random() < 0.05
        recovering += shard.flush()

        granted = [ticket.grant for ticket in queue if ticket.grant is not None]
        stats = shard.stats()
        assert stats.size <= limits.max_size
        assert stats.used == len(held) + sum(isinstance(grant, Slot) for grant in granted)
        assert stats.opening == len(permits) + sum(grant is Permit.OPEN for grant in granted)
        assert stats.recovering == len(recovering)
        assert stats.waiting == len(queue) - len(granted)
        if stats.waiting:
            assert stats.idle == 0, "something lies idle while somebody waits"
            assert stats.size == limits.max_size, "a place is free while somebody waits"
        waiting = [ticket.grant is None for ticket in queue]
        assert waiting == sorted(waiting), "somebody was served before an earlier caller"


@pytest.mark.timeout(60)
def test_threads_never_share_a_connection() -> None:
    world = FakeBlocking()
    rig = Rig(world, max_size=4, acquire_timeout=20)
    users: dict[int, int] = {}
    wrong: list[str] = []

    def work(seed: int) -> None:
        chance = random.Random(seed)
        for _ in range(200):
            try:
                slot = drive(rig.pool.acquire())
            except Error as error:
                wrong.append(repr(error))
                return
            if users.setdefault(id(slot.wire), seed) != seed:
                wrong.append("two at once")
            if rig.pool.stats().size > 4:
                wrong.append(repr(rig.pool))
            fate = chance.random()
            if fate < 0.1:
                slot.wire.status = Status.TRANSACTION
            elif fate < 0.15:
                slot.wire.busy, slot.wire.settles = True, False
            elif fate < 0.2:
                slot.wire.closed = True
            elif fate < 0.25:
                slot.wire.fails["SELECT 1"] = ConnectionLost("dead")
            del users[id(slot.wire)]
            rig.pool.release(slot)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    drive(rig.until(lambda: rig.pool.stats().recovering == 0))
    stats = rig.pool.stats()
    assert (stats.used, stats.opening, stats.recovering, stats.waiting) == (0, 0, 0, 0)
    assert len([drive(rig.pool.acquire()) for _ in range(4)]) == 4


def test_a_connection_may_come_back_in_the_middle_of_a_step() -> None:
    """As when a garbage collection finalises a generator that holds one, while its own thread is inside the pool."""
    rig = Rig(FakeBlocking(), max_size=1)
    slot = drive(rig.pool.acquire())

    def waiter() -> Bell:
        rig.pool.release(slot)
        return Bell()

    ticket = slot.shard.ask(rig.world.now(), waiter)
    assert isinstance(ticket, Ticket)
    assert ticket.grant is slot
