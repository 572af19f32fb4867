"""A connection in the hands of a stream: the stream's own transaction, and what everybody else meets meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from ferrow.abc import Status
from ferrow.driver.tracing import traced
from ferrow.errors import InterfaceError

if TYPE_CHECKING:
    from collections.abc import Callable

    from ferrow.abc import Wire
    from ferrow.driver.connection import AsyncConnection
    from ferrow.driver.trace import Trace

_OPEN = (
    "a stream is open on this connection and holds a transaction of its own: close it first (leave its `with` block, or "
    "call close(); an `async for` without a block closes it late when it is left early), use another connection, or open a transaction before the stream, inside which both may run"
)
_PASSING = frozenset({"abort", "close", "facts", "probe", "settle"})


class StandIn:
    """Stands where the wire stood, so that a wire itself need not ask before each statement whether it may run one."""

    __slots__ = ("over", "wire")

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.over = False  # the stream has ended; whoever asked for the wire before that may use it now

    @property
    def status(self) -> Status:
        """The transaction is the stream's: nobody else can join it, or has anything to roll back."""
        return self.wire.status if self.over else Status.IDLE

    @property
    def busy(self) -> bool:
        """What is under way is the stream's: nobody else may end it."""
        return self.over and self.wire.busy

    def script(self, sql: str, timeout: float | None = None) -> Any:
        """As `Wire.script`. An empty one only asks whether the server answers."""
        if sql and not self.over:
            raise InterfaceError(_OPEN)
        return self.wire.script(sql, timeout)

    def __getattr__(self, name: str) -> Any:
        value = getattr(self.wire, name)
        if callable(value) and name not in _PASSING and not self.over:
            raise InterfaceError(_OPEN)
        return value

    def __repr__(self) -> str:
        return repr(self.wire)


def retraced(wire: Wire, handler: Callable[[Trace], object] | None, *, values: bool) -> Wire:
    """`wire` with this handler; if a stream holds it, from the end of the stream on."""
    if isinstance(wire, StandIn):
        wire.wire = traced(wire.wire, handler, values=values)
        return cast("Wire", wire)
    return traced(wire, handler, values=values)


class Held:
    """Takes the wire of a connection away and begins a transaction on it; gives it back at the end."""

    __slots__ = ("_conn", "_stand_in", "_transaction", "wire")

    def __init__(self, conn: AsyncConnection) -> None:
        self.wire = wire = conn.wire
        world = conn._world
        assert world is not None
        self._transaction = type(conn).over(wire, world).transaction()
        self._transaction._lazy = True
        self._conn = conn
        self._stand_in = StandIn(wire)
        conn._wire = cast("Wire", self._stand_in)

    async def begin(self, timeout: float | None) -> None:
        """Begin the transaction."""
        await self._transaction.start(timeout)

    async def end(self, complete: bool, timeout: float | None = None) -> None:
        """Commit, or roll back."""
        try:
            if self._transaction.is_active():
                await (self._transaction.commit(timeout=timeout) if complete else self._transaction.rollback())
        finally:
            self._stand_in.over = True
            if self._conn._wire is self._stand_in:
                self._conn._wire = self._stand_in.wire
