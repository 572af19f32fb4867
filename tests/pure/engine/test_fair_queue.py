"""Fairness by counting, without a clock: nobody waits for more than a fair share of what the others get."""

from __future__ import annotations

import random

import pytest

from ferrow.engine.limits import Limits
from ferrow.engine.shard import Shard
from ferrow.engine.slot import Permit, Slot, Ticket
from tests.pure.engine.rig import FakeWire
from tests.pure.engine.test_conservation import Bell


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("clients", [9, 64])
def test_nobody_waits_for_more_than_three_fair_shares(seed: int, clients: int) -> None:
    chance = random.Random(seed)
    size = 8
    shard = Shard(0, None, Limits(max_size=size))
    waiting: dict[int, tuple[Ticket, int]] = {}
    held: dict[int, Slot] = {}
    away = set(range(clients))
    lent = longest = 0
    for _ in range(20_000):
        for client, (ticket, since) in [*waiting.items()]:
            if ticket.grant is not None:
                del waiting[client]
                assert isinstance(ticket.grant, Slot)
                held[client] = ticket.grant
                longest = max(longest, lent - since)
                lent += 1
        if held and (not away or chance.random() < 0.5):
            client = chance.choice([*held])
            shard.put_back(held.pop(client), 1.0)
            away.add(client)
        elif away:
            client = chance.choice([*away])
            away.remove(client)
            grant = shard.ask(1.0, Bell)
            if grant is Permit.OPEN:
                grant = Slot(FakeWire(None, 0), shard, 1e9, 1.0)
                assert shard.opened(grant)
            if isinstance(grant, Slot):
                held[client] = grant
                lent += 1
            else:
                assert isinstance(grant, Ticket)
                waiting[client] = grant, lent
    assert lent > 5000
    # Whoever asks finds at most everybody else before him.
    assert longest <= 3 * clients


def test_after_an_outage_no_more_are_opened_than_there_are_places() -> None:
    shard = Shard(0, None, Limits(max_size=8))
    grants = [shard.ask(0.0, Bell) for _ in range(2000)]
    assert grants.count(Permit.OPEN) == 8
    for _ in range(500):
        shard.open_failed(0.0)
        assert shard.opening == 8
        assert shard.stats().size == 8
