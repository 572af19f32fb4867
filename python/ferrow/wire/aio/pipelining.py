"""Pipelines of the asyncio PostgreSQL wire: what one turn of the loop queues is written together."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from time import monotonic
from typing import TYPE_CHECKING, Any

from ferrow._core import PgPipeline
from ferrow.errors import InterfaceError
from ferrow.wire.aio.deadline import answered
from ferrow.wire.deadline import limit
from ferrow.wire.postgresql import COPY_RUNS

if TYPE_CHECKING:
    from ferrow._core import Kinds, PgPending, Shape
    from ferrow.abc import Params
    from ferrow.wire.aio.postgresql import AsyncioPostgresWire
    from ferrow.wire.aio.protocol import Protocol
    from ferrow.wire.pipelining import WirePending


class AsyncioPipeline:
    """A `WirePipeline`. Nothing limits what is queued but who queues it: waiting now and then bounds the memory."""

    __slots__ = ("_core", "_session", "_wire")

    def __init__(self, wire: AsyncioPostgresWire, session: Protocol) -> None:
        self._wire = wire
        self._session = session
        self._core = PgPipeline()

    def begin(self, sql: str) -> None:
        if self._wire.stopping:
            self._hold()
        self._session.begin(sql, True, True)

    def run(self, sql: str, params: Params, shape: Shape, kinds: Kinds | None = None) -> PgPending:
        if self._wire.stopping:
            self._hold()
        return self._session.queue(self._core, sql, params, shape)

    def run_many(self, sql: str, rows: Iterable[Sequence[Any]], shape: Shape, kinds: Kinds | None = None) -> PgPending:
        if self._wire.stopping:
            self._hold()
        return self._session.queue_many(self._core, sql, rows, shape)

    def script(self, sql: str) -> PgPending:
        if self._wire.stopping:
            self._hold()
        return self._session.queue_script(self._core, sql)

    def _hold(self) -> None:
        """A statement is being cancelled: until that is over, nothing may be sent that it could hit."""
        if self._wire.copies:
            raise InterfaceError(COPY_RUNS)
        if self._session.hold():
            self._wire.afterwards(self._session.release)

    async def wait(self, pending: WirePending | None, timeout: float | None = None) -> None:
        seconds = limit(timeout, None)
        at = None if seconds is None else monotonic() + seconds
        while not (self._core.outstanding == 0 if pending is None else pending.done()):
            future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            (self._core if pending is None else pending).wake(future)
            await answered(future, at, seconds)

    def failure(self) -> PgPending | None:
        return self._core.failure()

    async def leave(self) -> None:
        self._core.abandon()
        # Only one pipeline is open at a time, so that is this one's: with a BEGIN, perhaps, that nobody would end.
        self._session.drop_held()
        if self._core.outstanding:
            self._wire.left()
