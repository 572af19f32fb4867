"""A borrowed connection as its borrower sees it: the wire, until it is given back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, cast

from ferrow.abc import Status
from ferrow.driver.given_sql import check_sql
from ferrow.engine.borrowed_pipeline import BorrowedPipeline
from ferrow.engine.borrowed_streams import BorrowedCopyIn, BorrowedCopyOut, BorrowedCursor
from ferrow.engine.lasting import any_lasting, lasting
from ferrow.errors import InterfaceError
from ferrow.wire.handed_on import HandedOn

if TYPE_CHECKING:
    from types import CoroutineType

    from ferrow._core import Kinds, Result, Shape, SqliteConnection
    from ferrow.abc import Description, Params, SqliteWire, Wire, WireCopyIn, WireCopyOut, WireCursor
    from ferrow.engine.slot import Slot
    from ferrow.wire.news import News
    from ferrow.wire.pipelining import WirePipeline

T = TypeVar("T")

_RETURNED = "Connection is closed: it went back to its pool at the end of its block"


class BorrowedWire(HandedOn):
    """A `Wire` that ends with the borrowing: whoever kept it cannot reach a connection that is somebody else's by now.

    It also notes when a statement may have changed the session, so that the pool resets it. The methods hand on the
    coroutines of the wire without adding one.
    """

    __slots__ = ("dialect", "_slot")

    def __init__(self, slot: Slot) -> None:
        self.dialect: str = slot.wire.dialect
        self._slot: Slot | None = slot

    def end(self) -> Slot | None:
        """Take the connection away; it is the slot to give back, or None if that has happened."""
        slot, self._slot = self._slot, None
        return slot

    @property
    def inner(self) -> Wire:
        """The wire itself. Raises InterfaceError once it was given back."""
        return self._live_slot().wire

    @property
    def over(self) -> bool:
        """Whether the connection was given back."""
        return self._slot is None

    def check(self) -> None:
        """Raise InterfaceError once the connection was given back."""
        self._live_slot()

    def asked(self, sql: str) -> Wire:
        """The wire, for this statement, of which is noted what it may do to the session. Raises as `check`."""
        slot = self._slot or self._live_slot()  # one call less: this is every statement's way
        slot.sql = sql
        try:
            if lasting(sql):
                slot.touched = True
        except TypeError:
            check_sql(sql)  # what has no hash cannot be looked up among the texts that are known
            raise
        return slot.wire

    def _live_slot(self) -> Slot:
        if self._slot is None:
            raise InterfaceError(_RETURNED)
        return self._slot

    def run(
        self, sql: str, params: Params, shape: Shape, kinds: Kinds | None = None, timeout: float | None = None
    ) -> CoroutineType[Any, Any, Result]:
        """As `Wire.run`."""
        return self.asked(sql).run(sql, params, shape, kinds, timeout)  # type: ignore[return-value]

    def run_many(
        self,
        sql: str,
        rows: Iterable[Sequence[Any]],
        shape: Shape,
        kinds: Kinds | None = None,
        timeout: float | None = None,
    ) -> CoroutineType[Any, Any, Result]:
        """As `Wire.run_many`."""
        return self.asked(sql).run_many(sql, rows, shape, kinds, timeout)  # type: ignore[return-value]

    def script(self, sql: str, timeout: float | None = None) -> CoroutineType[Any, Any, None]:
        """As `Wire.script`."""
        return self.asked(sql).script(sql, timeout)  # type: ignore[return-value]

    def begin(self, sql: str, timeout: float | None = None, *, guarded: bool = False) -> CoroutineType[Any, Any, None]:
        """As `Wire.begin`."""
        return self.inner.begin(sql, timeout, guarded=guarded)  # type: ignore[return-value]

    async def pipeline(self) -> WirePipeline:
        """As `Wire.pipeline`."""
        return BorrowedPipeline(self, await self.inner.pipeline())

    def batch(self, statements: tuple[str, ...], timeout: float | None = None) -> CoroutineType[Any, Any, list[int]]:
        """As `Wire.batch`."""
        slot = self._live_slot()
        slot.sql = statements[0] if statements else None
        if any_lasting(statements):
            slot.touched = True
        return slot.wire.batch(statements, timeout)  # type: ignore[return-value]

    async def prepare(self, sql: str, timeout: float | None = None) -> None:
        """As `Wire.prepare`."""
        await self.inner.prepare(sql, timeout)

    async def clear_cache(self) -> None:
        """As `Wire.clear_cache`."""
        await self.inner.clear_cache()

    def set_codec(self, codec: Any) -> None:
        """Refused: the next borrower would meet the codec. Raises InterfaceError."""
        msg = f"this connection belongs to an engine: give the codec for {codec.type_name} to create_engine(url, codecs=[...])"
        raise InterfaceError(msg)

    async def open_cursor(
        self, sql: str, params: Params, shape: Shape, kinds: Kinds | None = None, timeout: float | None = None
    ) -> WireCursor:
        """As `Wire.open_cursor`."""
        return BorrowedCursor(self, await self.asked(sql).open_cursor(sql, params, shape, kinds, timeout))

    async def describe(self, sql: str, timeout: float | None = None) -> Description:
        """As `Wire.describe`."""
        return await self.inner.describe(sql, timeout)

    async def copy_in(self, sql: str, timeout: float | None = None, describing: str | None = None) -> WireCopyIn:
        """As `Wire.copy_in`."""
        return BorrowedCopyIn(self, await self.asked(sql).copy_in(sql, timeout, describing))

    async def copy_out(self, sql: str, timeout: float | None = None) -> WireCopyOut:
        """As `Wire.copy_out`."""
        return BorrowedCopyOut(self, await self.asked(sql).copy_out(sql, timeout))

    @property
    def core(self) -> SqliteConnection:
        """As `SqliteWire.core`."""
        return cast("SqliteWire", self.inner).core

    def call(self, function: Callable[..., T], *arguments: Any) -> CoroutineType[Any, Any, T]:
        """As `SqliteWire.call`."""
        return cast("SqliteWire", self.inner).call(function, *arguments)  # type: ignore[return-value]

    def call_within(
        self, what: str, timeout: float | None, function: Callable[..., T], *arguments: Any
    ) -> CoroutineType[Any, Any, T]:
        """As `SqliteWire.call_within`."""
        return cast("SqliteWire", self.inner).call_within(what, timeout, function, *arguments)  # type: ignore[return-value]

    def touch(self) -> None:
        """As `SqliteWire.touch`."""
        self._live_slot().touched = True

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
    def clean(self) -> bool:
        """As `Wire.clean`; False once given back."""
        return self._slot is not None and self._slot.wire.clean

    @property
    def status(self) -> Status:
        """As `Wire.status`; idle once given back."""
        return Status.IDLE if self._slot is None else self._slot.wire.status

    def __repr__(self) -> str:
        return "returned" if self._slot is None else repr(self._slot.wire)
