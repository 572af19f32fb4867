"""A connection in the hands of a stream: the stream's own transaction, and what everybody else meets meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from ferrow.abc import Status
from ferrow.errors import InterfaceError

if TYPE_CHECKING:
    from ferrow.abc import Wire
    from ferrow.driver.connection import AsyncConnection

_OPEN = (
    "a stream is open on this connection and holds a transaction of its own: close it first (leave its `with` block, or "
    "call close(); an `async for` without a block closes it late when it is left early), use another connection, or open a transaction before the stream, inside which both may run"
)
_PASSING = frozenset({"abort", "close", "probe", "settle"})


class StandIn:
    """Stands where the wire stood, so that a wire itself need not ask before each statement whether it may run one."""

    __slots__ = ("_wire",)

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    status = Status.IDLE
    """The transaction is the stream's: nobody else can join it."""

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._wire, name)
        if callable(value) and name not in _PASSING:
            raise InterfaceError(_OPEN)
        return value

    def __repr__(self) -> str:
        return repr(self._wire)


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
        self._stand_in = cast("Wire", StandIn(wire))
        conn._wire = self._stand_in

    async def begin(self) -> None:
        """Begin the transaction."""
        await self._transaction.start()

    async def end(self, complete: bool) -> None:
        """Commit, or roll back."""
        try:
            if self._transaction.is_active():
                await (self._transaction.commit() if complete else self._transaction.rollback())
        finally:
            if self._conn._wire is self._stand_in:
                self._conn._wire = self.wire
