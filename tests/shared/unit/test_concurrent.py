"""Many tasks, or threads, over one engine: transactions of all kinds keep to themselves.

Each worker moves amounts between its own accounts, whose sum stays what it was; what is in the midst of that nobody else may see. And each
sees its own changes, through whatever it asks.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from random import Random
from types import ModuleType
from typing import Any

import pytest

from ferrow import Session, session_context
from tests.support import entered, maybe
from tests.support.colours import Driven, Runner
from tests.support.effort import times

WORKERS = 8
TURNS = times(10)
START = 100


class Failed(Exception):
    """Undoes a block."""


class Worker:
    """Owns two accounts; `expected` is what they have when nothing is under way."""

    def __init__(self, number: int, engine: Any, shared: Any, models: ModuleType, pause: Callable[[], Any]) -> None:
        self.random = Random(number)
        self.engine, self.shared, self.account, self.pause = engine, shared, models.Account, pause
        self.keys = (2 * number + 1, 2 * number + 2)
        self.expected = [START, START]

    async def run(self) -> None:
        ways = [self.bare, self.begin, self.context, self.block, self.raw]
        for turn in range(TURNS):
            way = ways[turn % len(ways)]
            amount, fails = self.random.randint(1, 9), self.random.random() < 0.3
            try:
                await way(amount, fails=fails)
            except Failed:
                continue
            self.expected = [self.expected[0] - amount, self.expected[1] + amount]
            await self.others_are_whole()

    def query(self, session: Any) -> Any:
        return session.query(self.account).filter(id__in=list(self.keys)).order_by("id")

    async def others_are_whole(self) -> None:
        """In one statement every worker's sum is right, and ours is what we made of it."""
        found = await maybe(self.shared.query(self.account).order_by("id").values_list("balance", flat=True))
        pairs = [*zip(found[::2], found[1::2], strict=True)]
        assert {sum(pair) for pair in pairs} == {2 * START}
        assert list(pairs[self.keys[0] // 2]) == self.expected

    async def moved(self, session: Any, amount: int, *, fails: bool) -> None:
        """Half of it is done, somebody else has a turn, then the rest is; each half is seen in here."""
        one, two = await maybe(self.query(session).all())
        assert [one.balance, two.balance] == self.expected
        one.balance -= amount
        await maybe(session.flush())
        await maybe(self.pause())
        assert await maybe(self.query(self.shared).values_list("balance", flat=True)) == [one.balance, two.balance]
        two.balance += amount
        again, _ = await maybe(self.query(session).all())
        assert again is one
        if fails:
            raise Failed

    async def bare(self, amount: int, *, fails: bool) -> None:
        async with entered(self.engine.transaction()):
            one, two = await maybe(self.query(self.shared).all())
            assert [one.balance, two.balance] == self.expected
            await maybe(self.shared.update(one, balance=one.balance - amount))
            await maybe(self.pause())
            async with entered(self.engine.transaction()):
                await maybe(self.shared.update(two, balance=two.balance + amount))
            assert [row.balance for row in await maybe(self.query(self.shared).all())] == [one.balance, two.balance]
            if fails:
                raise Failed

    async def begin(self, amount: int, *, fails: bool) -> None:
        async with entered(self.shared.begin()):
            await self.moved(self.shared, amount, fails=fails)

    async def context(self, amount: int, *, fails: bool) -> None:
        async with entered(session_context(self.engine)) as own:
            await self.moved(own, amount, fails=fails)

    async def block(self, amount: int, *, fails: bool) -> None:
        async with entered(type(self.shared)(self.engine)) as own:
            await self.moved(own, amount, fails=fails)
            await maybe(own.commit())

    async def raw(self, amount: int, *, fails: bool) -> None:
        change = "UPDATE accounts SET balance = balance + ? WHERE id = ?"
        async with entered(self.engine.transaction()):
            await maybe(self.shared.execute_raw(change, [-amount, self.keys[0]]))
            await maybe(self.pause())
            await maybe(self.shared.execute_raw(change, [amount, self.keys[1]]))
            if fails:
                raise Failed


@pytest.mark.parametrize("style", ["declarative"])
def test_workers_keep_to_themselves(engine: Any, session: Any, models: ModuleType, colour: str, runner: Runner) -> None:
    async def prepare() -> None:
        await maybe(session.insert_all([models.Account(balance=START) for _ in range(2 * WORKERS)]))

    async def tasks() -> None:
        workers = [Worker(number, engine, session, models, lambda: asyncio.sleep(0)) for number in range(WORKERS)]
        await asyncio.gather(*[worker.run() for worker in workers])

    def thread(number: int) -> None:
        Driven().run(Worker(number, engine, shared, models, lambda: None).run())

    runner.run(prepare())
    if colour == "async":
        runner.run(tasks())
    else:
        shared = Session(engine)  # one for all threads
        with ThreadPoolExecutor(WORKERS) as pool:
            assert [*pool.map(thread, range(WORKERS))] == [None] * WORKERS
