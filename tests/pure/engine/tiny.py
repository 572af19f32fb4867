"""A tiny scripted database, cancelled at any step, and the world it lives in."""

from __future__ import annotations

import asyncio
from typing import Any

from ferrow.abc import Status
from ferrow.errors import ProgrammingError
from tests.pure.engine.rig import FakeAsyncio
from tests.support.bare_wire import BareWire


class TinyWire(BareWire):
    """Knows transactions, savepoints and `run("x")`, which adds x. Statements take two steps and keep their order.

    A cancelled caller goes at once. Its statement is then cancelled too, which spoils the transaction around it, or, when the
    world does not `obey`, carried out (a cancel request may come too late); in either case before anything that follows.
    """

    dialect = "postgresql"

    def __init__(self, world: TinyWorld) -> None:
        super().__init__()
        self.world = world
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

    async def settle(self, timeout: float) -> bool:
        if self._leftover is not None:
            await asyncio.wait([self._leftover])
        return True

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
