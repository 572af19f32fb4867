"""Pipelines of the blocking PostgreSQL wire: statements are sent as they come, and their answers read, without waiting."""

from __future__ import annotations

from _thread import get_ident
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from ferrow._core import PgPipeline
from ferrow.errors import InterfaceError, QueryTimeout
from ferrow.wire.deadline import SETTLE, limit, unanswered

if TYPE_CHECKING:
    from ferrow._core import Kinds, PgPending, PgSession, Shape
    from ferrow.abc import Params
    from ferrow.wire.blocking.postgresql import BlockingPostgresWire

T = TypeVar("T")

_THREAD = "a pipeline belongs to the thread that opened it: open another one, on another connection, for this thread"


class BlockingPipeline:
    """A `WirePipeline`. More than some 64 KiB are never queued: then they are sent, and what has been answered is read."""

    __slots__ = ("_core", "_session", "_thread", "_wire")

    def __init__(self, wire: BlockingPostgresWire, session: PgSession) -> None:
        self._wire = wire
        self._session = session
        self._core = PgPipeline()
        self._thread = get_ident()

    def begin(self, sql: str) -> None:
        self._queue(self._session.begin, sql, True, True)

    def run(self, sql: str, params: Params, shape: Shape, kinds: Kinds | None = None) -> PgPending:
        return self._queue(self._session.queue, self._core, sql, params, shape)

    def run_many(self, sql: str, rows: Iterable[Sequence[Any]], shape: Shape, kinds: Kinds | None = None) -> PgPending:
        return self._queue(self._session.queue_many, self._core, sql, rows, shape)

    def script(self, sql: str) -> PgPending:
        return self._queue(self._session.queue_script, self._core, sql)

    def _queue(self, function: Callable[..., T], *arguments: Any) -> T:
        if get_ident() != self._thread:
            raise InterfaceError(_THREAD)
        return self._wire.call(function, *arguments)

    async def wait(self, pending: Any, timeout: float | None = None) -> None:
        seconds = limit(timeout, None)
        try:
            self._queue(self._session.wait_pending, self._core, pending, seconds)
        except QueryTimeout:
            raise unanswered(seconds or 0.0) from None

    def failure(self) -> PgPending | None:
        return self._core.failure()

    async def leave(self) -> None:
        self._core.abandon()
        if self._core.outstanding:
            await self._wire.settle(SETTLE)
