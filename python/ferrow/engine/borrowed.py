"""A borrowed connection as its borrower sees it: the wire, until it is given back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, cast

from ferrow.abc import Status
from ferrow.engine.borrowed_pipeline import BorrowedPipeline
from ferrow.engine.borrowed_streams import BorrowedCopyIn, BorrowedCopyOut, BorrowedCursor
from ferrow.engine.lasting import any_lasting, lasting
from ferrow.errors import InterfaceError

if TYPE_CHECKING:
    from types import CoroutineType

    from ferrow._core import Kinds, Result, Shape, SqliteConnection
    from ferrow.abc import Description, Params, SqliteWire, Wire, WireCopyIn, WireCopyOut, WireCursor
    from ferrow.engine.slot import Slot
    from ferrow.wire.inbox import Reader
    from ferrow.wire.news import News
    from ferrow.wire.pipelining import WirePipeline

T = TypeVar("T")

_RETURNED = "Connection is closed: it went back to its pool at the end of its block"


class BorrowedWire:
    """A `Wire` that ends with the borrowing: whoever kept it cannot reach a connection that is somebody else's by now.

    It also notes when a statement may have changed the session, so that the pool resets it. The methods hand on the
    coroutines of the wire without adding one.
    """

    __slots__ = ("dialect", "_slot")

    run_now = rows_now = None
    """None: on the fast path without coroutines nothing would note what a statement may have changed."""

    def __init__(self, slot: Slot) -> None:
        self.dialect: str = slot.wire.dialect
        self._slot: Slot | None = slot

    def end(self) -> Slot | None:
        """Take the connection away; it is the slot to give back, or None if that has happened."""
        slot, self._slot = self._slot, None
        return slot

    @property
    def _wire(self) -> Wire:
        return self._live_slot().wire

    @property
    def over(self) -> bool:
        """Whether the connection was given back."""
        return self._slot is None

    def check(self) -> None:
        """Raise InterfaceError once the connection was given back."""
        self._live_slot()

    def asked(self, sql: str) -> None:
        """Note what is asked of the connection. Raises InterfaceError once it was given back."""
        slot = self._live_slot()
        slot.sql = sql
        if lasting(sql):
            slot.touched = True

    def _live_slot(self) -> Slot:
        if self._slot is None:
            raise InterfaceError(_RETURNED)
        return self._slot

    def run(
        self, sql: str, params: Params, shape: Shape, kinds: Kinds | None = None, timeout: float | None = None
    ) -> CoroutineType[Any, Any, Result]:
        """As `Wire.run`."""
        slot = self._live_slot()
        slot.sql = sql
        if lasting(sql):
            slot.touched = True
        return slot.wire.run(sql, params, shape, kinds, timeout)  # type: ignore[return-value]

    def run_many(
        self,
        sql: str,
        rows: Iterable[Sequence[Any]],
        shape: Shape,
        kinds: Kinds | None = None,
        timeout: float | None = None,
    ) -> CoroutineType[Any, Any, Result]:
        """As `Wire.run_many`."""
        slot = self._live_slot()
        slot.sql = sql
        if lasting(sql):
            slot.touched = True
        return slot.wire.run_many(sql, rows, shape, kinds, timeout)  # type: ignore[return-value]

    def script(self, sql: str, timeout: float | None = None) -> CoroutineType[Any, Any, None]:
        """As `Wire.script`."""
        slot = self._live_slot()
        slot.sql = sql
        if lasting(sql):
            slot.touched = True
        return slot.wire.script(sql, timeout)  # type: ignore[return-value]

    def begin(self, sql: str, timeout: float | None = None, *, guarded: bool = False) -> CoroutineType[Any, Any, None]:
        """As `Wire.begin`."""
        return self._wire.begin(sql, timeout, guarded=guarded)  # type: ignore[return-value]

    async def pipeline(self) -> WirePipeline:
        """As `Wire.pipeline`."""
        return BorrowedPipeline(self, await self._wire.pipeline())

    async def wait_news(self, reader: Reader, timeout: float | None) -> bool:
        """As `Wire.wait_news`."""
        return await self._wire.wait_news(reader, timeout)

    def batch(self, statements: tuple[str, ...], timeout: float | None = None) -> CoroutineType[Any, Any, list[int]]:
        """As `Wire.batch`."""
        slot = self._live_slot()
        slot.sql = statements[0] if statements else None
        if any_lasting(statements):
            slot.touched = True
        return slot.wire.batch(statements, timeout)  # type: ignore[return-value]

    async def prepare(self, sql: str, timeout: float | None = None) -> None:
        """As `Wire.prepare`."""
        await self._wire.prepare(sql, timeout)

    async def clear_cache(self) -> None:
        """As `Wire.clear_cache`."""
        await self._wire.clear_cache()

    def set_codec(self, codec: Any) -> None:
        """Refused: the next borrower would meet the codec. Raises InterfaceError."""
        msg = f"this connection belongs to an engine: give the codec for {codec.type_name} to create_engine(url, codecs=[...])"
        raise InterfaceError(msg)

    async def open_cursor(
        self, sql: str, params: Params, shape: Shape, kinds: Kinds | None = None, timeout: float | None = None
    ) -> WireCursor:
        """As `Wire.open_cursor`."""
        slot = self._live_slot()
        slot.sql = sql
        if lasting(sql):
            slot.touched = True
        return BorrowedCursor(self, await slot.wire.open_cursor(sql, params, shape, kinds, timeout))

    async def describe(self, sql: str, timeout: float | None = None) -> Description:
        """As `Wire.describe`."""
        return await self._wire.describe(sql, timeout)

    def remembered(self, sql: str) -> Description | None:
        """As `Wire.remembered`."""
        return self._wire.remembered(sql)

    async def copy_in(self, sql: str, timeout: float | None = None, describing: str | None = None) -> WireCopyIn:
        """As `Wire.copy_in`."""
        slot = self._live_slot()
        slot.sql = sql
        if lasting(sql):  # COPY (SELECT set_config(...)) TO STDOUT
            slot.touched = True
        return BorrowedCopyIn(self, await slot.wire.copy_in(sql, timeout, describing))

    async def copy_out(self, sql: str, timeout: float | None = None) -> WireCopyOut:
        """As `Wire.copy_out`."""
        slot = self._live_slot()
        slot.sql = sql
        if lasting(sql):  # COPY (SELECT set_config(...)) TO STDOUT
            slot.touched = True
        return BorrowedCopyOut(self, await slot.wire.copy_out(sql, timeout))

    @property
    def core(self) -> SqliteConnection:
        """As `SqliteWire.core`."""
        return cast("SqliteWire", self._wire).core

    def call(self, function: Callable[..., T], *arguments: Any) -> CoroutineType[Any, Any, T]:
        """As `SqliteWire.call`."""
        return cast("SqliteWire", self._wire).call(function, *arguments)  # type: ignore[return-value]

    def call_within(
        self, what: str, timeout: float | None, function: Callable[..., T], *arguments: Any
    ) -> CoroutineType[Any, Any, T]:
        """As `SqliteWire.call_within`."""
        return cast("SqliteWire", self._wire).call_within(what, timeout, function, *arguments)  # type: ignore[return-value]

    def touch(self) -> None:
        """As `SqliteWire.touch`."""
        self._live_slot().touched = True

    async def settle(self, timeout: float) -> bool:
        """As `Wire.settle`."""
        return await self._wire.settle(timeout)

    def undo(self) -> bool:
        """As `Wire.undo`."""
        return self._wire.undo()

    async def close(self) -> None:
        """Close the connection; its pool will replace it."""
        if self._slot is not None:
            await self._slot.wire.close()

    def abort(self) -> None:
        """Drop the connection; its pool will replace it."""
        if self._slot is not None:
            self._slot.wire.abort()

    def probe(self) -> bool:
        """As `Wire.probe`; False once given back."""
        return self._slot is not None and self._slot.wire.probe()

    @property
    def news(self) -> News | None:
        """As `Wire.news`. Whoever has asked may be listening: the pool makes the connection forget it."""
        slot = self._live_slot()
        if slot.wire.news is not None:
            slot.touched = True
        return slot.wire.news

    @property
    def backend_pid(self) -> int | None:
        """As `Wire.backend_pid`."""
        return self._wire.backend_pid

    @property
    def closed(self) -> bool:
        """Whether the connection is closed, or somebody else's."""
        return self._slot is None or self._slot.wire.closed

    def refusal(self) -> InterfaceError | None:
        """As `Wire.refusal`."""
        return InterfaceError(_RETURNED) if self._slot is None else self._slot.wire.refusal()

    @property
    def busy(self) -> bool:
        """As `Wire.busy`."""
        return self._slot is not None and self._slot.wire.busy

    @property
    def idle(self) -> tuple[float, Status] | None:
        """As `Wire.idle`."""
        return self._wire.idle

    @property
    def refusals(self) -> int | None:
        """As `Wire.refusals`."""
        return self._wire.refusals

    @property
    def clean(self) -> bool:
        """As `Wire.clean`; False once given back."""
        return self._slot is not None and self._slot.wire.clean

    @property
    def status(self) -> Status:
        """As `Wire.status`; idle once given back."""
        return Status.IDLE if self._slot is None else self._slot.wire.status

    @property
    def requests(self) -> int:
        """As `Wire.requests`."""
        return self._wire.requests

    @property
    def server_version(self) -> str:
        """As `Wire.server_version`."""
        return self._wire.server_version

    def facts(self) -> dict[str, Any]:
        """As `Wire.facts`."""
        return self._wire.facts()

    def __repr__(self) -> str:
        return "returned" if self._slot is None else repr(self._slot.wire)
