"""A pool over scripted wires, in either world: the one place where a mock is right.

A test body is one `async def body(rig)`; the blocking world runs it with `drive`, and its other callers are threads.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from ferrow.abc import Status
from ferrow.engine.limits import Limits
from ferrow.engine.pool import AsyncPool
from ferrow.engine.source import Source
from ferrow.errors import QueryTimeout
from ferrow.wire.aio.world import AsyncioWorld
from ferrow.wire.blocking.world import BlockingWorld
from ferrow.wire.drive import drive
from ferrow.wire.host import Host
from ferrow.wire.settings import Secret, Settings
from tests.support.bare_wire import BareWire

SETTINGS = Settings(dialect="postgresql", database="db", user="me", password=Secret("s3cret"), hosts=(Host(host="h"),))


class FakeWire(BareWire):
    """A connection that does what it is told; `log` says what was asked of it."""

    dialect = "postgresql"
    news = None

    def __init__(self, world: Any, number: int) -> None:
        super().__init__()
        self.world = world
        self.number = number
        self.log: list[str] = []
        self.busy = False
        self.idle: Any = None
        self.settles = True
        self.fails: dict[str, Exception] = {}
        self.answers: dict[str, Any] = {}
        self.gates: dict[str, Any] = {}
        """What a statement waits for."""

    async def _do(self, what: str, timeout: float | None = None) -> None:
        self.log.append(what)
        if what in self.gates and not await self.gates[what].wait(timeout or 30):
            raise QueryTimeout(what)
        if what in self.fails:
            raise self.fails[what]

    async def run(self, sql: str, params: Any, shape: Any, kinds: Any = None, timeout: float | None = None) -> Any:
        await self._do(sql, timeout)
        return self.answers.get(sql)

    async def script(self, sql: str, timeout: float | None = None) -> None:
        await self._do(sql, timeout)
        if sql.startswith("BEGIN"):
            self.status = Status.TRANSACTION
        if sql in ("ROLLBACK", "COMMIT"):
            self.status = Status.IDLE

    async def settle(self, timeout: float) -> bool:
        await self._do("settle")
        if self.settles:
            self.busy = False
        return self.settles

    async def close(self) -> None:
        await self._do("close")
        self.closed = True

    def abort(self) -> None:
        if not self.closed:
            self.log.append("abort")
            self.closed = True


class _Opening:
    """Mixed into a real world: `open` gives fake wires, late or not at all when told so."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[FakeWire] = []
        self.failures: list[BaseException] = []
        self.gate: Any = None
        self.timeouts: list[float] = []
        self.skew = 0.0
        self.stands: float | None = None

    def now(self) -> float:
        return (super().now() if self.stands is None else self.stands) + self.skew

    def stop_the_clock(self) -> None:
        """Only `skew` moves it from now on, however slow this machine is."""
        self.stands = super().now()

    async def open(self, settings: Any) -> Any:
        self.timeouts.append(settings.connect_deadline)
        if self.gate is not None:
            await self.gate.wait(30)
        if self.failures:
            raise self.failures.pop(0)
        wire = FakeWire(self, len(self.opened) + 1)
        self.opened.append(wire)
        return wire


class FakeAsyncio(_Opening, AsyncioWorld): ...


class FakeBlocking(_Opening, BlockingWorld): ...


class Caller:
    """Somebody else who uses the pool at the same time: a task, or a thread."""

    def __init__(self, rig: Rig, coro: Coroutine[Any, Any, Any]) -> None:
        self.value: Any = None
        self.error: BaseException | None = None
        self.finished = False
        if rig.blocking:
            self.thread = threading.Thread(target=lambda: drive(self._run(coro)), name=coro.__name__, daemon=True)
            self.thread.start()
        else:
            self.task = asyncio.get_running_loop().create_task(self._run(coro), name=coro.__name__)

    async def _run(self, coro: Coroutine[Any, Any, Any]) -> None:
        try:
            self.value = await coro
        except BaseException as error:
            self.error = error
        self.finished = True


class Rig:
    def __init__(self, world: Any, **limits: Any) -> None:
        self.world = world
        self.blocking = world.name == "blocking"
        self.pool = AsyncPool(Source(SETTINGS), Limits(**limits), world)

    def start(self, coro: Coroutine[Any, Any, Any]) -> Caller:
        return Caller(self, coro)

    async def until(self, true: Callable[[], Any], seconds: float = 30) -> None:
        """Let the others run until something is true."""
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end, f"still not true: {self.pool!r}"
            await self.world.sleep(0.001)

    async def waiting(self, number: int) -> None:
        await self.until(lambda: self.pool.stats().waiting == number)


def both(**limits: Any) -> Callable[[Callable[[Rig], Coroutine[Any, Any, None]]], Any]:
    """Run a test body in both worlds; `limits` are those of its pool."""

    def decorate(body: Callable[[Rig], Coroutine[Any, Any, None]]) -> Any:
        @pytest.mark.parametrize("world", ["blocking", "asyncio"])
        def test(world: str) -> None:
            if world == "blocking":
                drive(body(Rig(FakeBlocking(), **limits)))
            else:

                async def main() -> None:
                    await body(Rig(FakeAsyncio(), **limits))

                asyncio.run(main())

        test.__name__ = body.__name__
        return test

    return decorate
