"""`transaction()` over a tiny scripted database, cancelled at every step: nothing half done, nobody in the wrong place."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from ferrow.abc import Status
from ferrow.engine.engine import AsyncEngine
from ferrow.engine.limits import Limits
from ferrow.engine.pair import Pair
from ferrow.errors import PoolTimeout, ProgrammingError
from tests.pure.engine.rig import SETTINGS, FakeAsyncio


class TinyWire:
    """Knows transactions, savepoints and `run("x")`, which adds x. Statements take two steps and keep their order.

    A cancelled caller goes at once. Its statement is then cancelled too, which spoils the transaction around it, or, when the
    world does not `obey`, carried out (a cancel request may come too late); in either case before anything that follows.
    """

    dialect = "postgresql"

    def __init__(self, world: TinyWorld) -> None:
        self.world = world
        self.closed = False
        self.status = Status.IDLE
        self.requests = 0
        self.refusals = 0
        self.layers: list[list[str]] = []
        self.names: list[str] = []
        self._order = asyncio.Lock()
        self._leftover: asyncio.Task[None] | None = None

    async def _step(self, sql: str) -> None:
        task = asyncio.ensure_future(self._carry_out(sql))
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            if not task.done():
                if self.world.obeys:
                    task.cancel()
                self._leftover = task
            raise

    async def _carry_out(self, sql: str) -> None:
        async with self._order:
            try:
                await asyncio.sleep(0)
                for part in sql.split("; "):
                    self._apply(part)
            except (asyncio.CancelledError, ProgrammingError):
                if self.layers:
                    self.status = Status.FAILED
                raise
            await asyncio.sleep(0)

    def _apply(self, sql: str) -> None:
        word, _, rest = sql.partition(" ")
        if self.status is Status.FAILED and word != "ROLLBACK":
            raise ProgrammingError("current transaction is aborted")
        if word == "BEGIN":
            assert not self.layers
            self.layers, self.status = [[]], Status.TRANSACTION
        elif word == "COMMIT":
            self.world.rows += [row for layer in self.layers for row in layer]
            self.layers, self.names, self.status = [], [], Status.IDLE
        elif sql == "ROLLBACK":
            self.layers, self.names, self.status = [], [], Status.IDLE
        elif word == "SAVEPOINT":
            self.layers.append([])
            self.names.append(rest)
        elif word == "RELEASE":
            at = self._at(sql)
            self.layers[at:] = [[row for layer in self.layers[at:] for row in layer]]
            del self.names[at:]
        elif word == "ROLLBACK":
            at = self._at(sql)
            self.layers[at + 1 :] = [[]]
            del self.names[at + 1 :]
            self.status = Status.TRANSACTION
        elif self.layers:
            self.layers[-1].append(sql)
        else:
            self.world.rows.append(sql)

    def _at(self, sql: str) -> int:
        name = sql.rpartition(" ")[2]
        if name not in self.names:
            raise ProgrammingError(f"savepoint {name} does not exist")
        return self.names.index(name)

    async def run(self, sql: str, params: Any, shape: Any, kinds: Any = None, timeout: float | None = None) -> Any:
        await self._step(sql)

    async def script(self, sql: str, timeout: float | None = None) -> None:
        await self._step(sql)

    async def begin(self, sql: str, timeout: float | None = None) -> None:
        await self._step(sql)

    async def settle(self, timeout: float) -> bool:
        if self._leftover is not None:
            await asyncio.wait([self._leftover])
        return True

    def undo(self) -> bool:
        return False

    def probe(self) -> bool:
        return not self.closed

    @property
    def clean(self) -> bool:
        return not self.busy and self.status is Status.IDLE and not self.closed

    async def close(self) -> None:
        self.closed = True

    def abort(self) -> None:
        self.closed = True

    @property
    def busy(self) -> bool:
        return self._order.locked() or (self._leftover is not None and not self._leftover.done())


class TinyWorld(FakeAsyncio):
    def __init__(self, obeys: bool = True) -> None:
        super().__init__()
        self.rows: list[str] = []
        self.obeys = obeys
        self.wires: list[TinyWire] = []

    async def open(self, settings: Any) -> Any:
        await asyncio.sleep(0)
        self.wires.append(TinyWire(self))
        return self.wires[-1]


class Oops(Exception): ...


async def put(engine: AsyncEngine, *rows: str) -> None:
    for row in rows:
        await engine.run(row, None, None)


async def plain(engine: AsyncEngine) -> None:
    async with engine.transaction():
        await put(engine, "a", "b")


async def nested(engine: AsyncEngine) -> None:
    async with engine.transaction():
        await put(engine, "a")
        async with engine.transaction():
            await put(engine, "b")
        await put(engine, "c")


async def nested_and_undone(engine: AsyncEngine) -> None:
    async with engine.transaction():
        await put(engine, "a")
        try:
            async with engine.transaction():
                await put(engine, "lost")
                async with engine.transaction():
                    await put(engine, "lost")
                raise Oops
        except Oops:
            pass
        await put(engine, "b")


async def nested_and_stubborn(engine: AsyncEngine) -> None:
    """Goes on in the outer block although the inner one was cancelled."""
    async with engine.transaction():
        await put(engine, "a")
        try:
            async with engine.transaction():
                await put(engine, "x", "y")
        except asyncio.CancelledError:
            pass
        await put(engine, "b")


async def siblings(engine: AsyncEngine) -> None:
    async def part(row: str) -> None:
        async with engine.transaction():
            await put(engine, row, row)

    async with engine.transaction():
        await asyncio.gather(part("a"), part("b"), part("c"))


WHOLE: dict[Callable[..., Any], list[list[str]]] = {
    plain: [["a", "b"]],
    nested: [["a", "b", "c"]],
    nested_and_undone: [["a", "b"]],
    nested_and_stubborn: [["a", "x", "y", "b"], ["a", "b"]],
    siblings: [["a", "a", "b", "b", "c", "c"]],
}


@pytest.mark.parametrize("obeys", [True, False])
@pytest.mark.parametrize("cancels", [1, 2, 3])
@pytest.mark.parametrize("action", WHOLE)
def test_cancelling_at_every_step_leaves_all_or_nothing(
    action: Callable[[AsyncEngine], Coroutine[Any, Any, None]], cancels: int, obeys: bool
) -> None:
    async def at_step(step: int) -> bool:
        world = TinyWorld(obeys)
        engine = AsyncEngine(Pair(SETTINGS, Limits(max_size=2)), world)
        task = asyncio.ensure_future(action(engine))
        for _ in range(step):
            await asyncio.sleep(0)
        finished = task.done()
        for _ in range(cancels):
            task.cancel()
            await asyncio.sleep(0)
        await asyncio.wait([task])
        slots = [await engine.pool.acquire(timeout=2) for _ in range(2)]
        assert all(slot.wire.status is Status.IDLE and not slot.wire.busy for slot in slots)
        for slot in slots:
            engine.pool.release(slot)
        if task.cancelled():
            assert world.rows in ([], *WHOLE[action]), step  # cancelled as COMMIT was on its way: that may be too late
        elif task.exception() is not None:
            assert isinstance(task.exception(), ProgrammingError)  # went on in a transaction spoilt by the cancellation
            assert world.rows == [], step
        else:
            assert world.rows in WHOLE[action], step
        world.rows.clear()
        await put(engine, "after")
        assert world.rows == ["after"], "the context is out of the transaction"
        await engine.close()
        return finished

    async def main() -> int:
        step = 0
        while not await at_step(step):
            step += 1
        return step

    assert asyncio.run(main()) > 10, "there were steps to cancel at"


def test_a_rollback_that_hangs_does_not_hold_its_task_for_ever() -> None:
    async def main() -> None:
        world = TinyWorld()
        engine = AsyncEngine(Pair(SETTINGS, Limits(max_size=1, recovery_timeout=0.05)), world)
        with pytest.raises(Oops):
            async with asyncio.timeout(2), engine.transaction():
                await put(engine, "a")
                world.wires[0]._carry_out = lambda sql: asyncio.sleep(30)
                raise Oops
        assert world.wires[0].closed
        await put(engine, "b")
        assert world.rows == ["b"]

    asyncio.run(main())


def test_a_nested_block_that_never_gets_its_turn_says_why() -> None:
    async def main() -> None:
        engine = AsyncEngine(Pair(SETTINGS, Limits(acquire_timeout=0.05)), TinyWorld())
        inside = asyncio.Event()

        async def occupant() -> None:
            async with engine.transaction():
                inside.set()
                await asyncio.sleep(30)

        async with engine.transaction():
            task = asyncio.create_task(occupant())
            await inside.wait()
            with pytest.raises(PoolTimeout, match="one after the other"):
                async with engine.transaction():
                    pass
            task.cancel()
            await asyncio.wait([task])
            async with engine.transaction():
                await put(engine, "a")

    asyncio.run(main())


def test_what_cannot_begin_gives_its_connection_back() -> None:
    async def main() -> None:
        engine = AsyncEngine(Pair(SETTINGS, Limits(max_size=1)), TinyWorld())
        async with engine.transaction() as outer:
            with pytest.raises(ProgrammingError):
                async with engine.transaction(readonly=True):
                    pass
            assert outer.is_active()
        assert engine.pool.stats().idle == 1

    asyncio.run(main())
