"""A connection in the hands of a stream: the stream's own transaction, and what everybody else meets meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from ferrow.abc import Status
from ferrow.driver.tracing import traced
from ferrow.errors import InterfaceError

if TYPE_CHECKING:
    from collections.abc import Callable

    from ferrow.abc import Waiter, Wire, World
    from ferrow.driver.connection import AsyncConnection
    from ferrow.driver.trace import Trace

_OPEN = (
    "a stream is open on this connection and holds a transaction of its own: close it first (leave its `with` block, or "
    "call close()), use another connection, or open a transaction before the stream, inside which both may run"
)
_PASSING = frozenset({"abort", "close", "facts", "probe", "refusal", "settle"})
_WAITING = frozenset(
    {
        "batch", "begin", "call", "call_within", "clear_cache", "copy_in", "copy_out", "describe", "open_cursor", "pipeline",
        "prepare", "run", "run_many", "script",
    }
)  # fmt: skip
"""What is awaited, and can wait for the end of a stream as well."""


class StandIn:
    """Stands where the wire stood, so that a wire itself need not ask before each statement whether it may run one."""

    __slots__ = ("end", "over", "wire", "world")

    def __init__(self, wire: Wire, world: World) -> None:
        self.wire: Wire = wire
        self.world: World = world
        self.end: Waiter | None = None  # set when nobody reads the stream any more, which then is about to end
        self.over: bool = False  # the stream has ended; whoever asked for the wire before that may use it now

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
            return self._behind("script")(sql, timeout)
        return self.wire.script(sql, timeout)

    def __getattr__(self, name: str) -> Any:
        value = getattr(self.wire, name)
        if callable(value) and name not in _PASSING and not self.over:
            return self._behind(name)
        return value

    def _behind(self, name: str) -> Callable[..., Any]:
        """What a wire can do, after the end of the stream. Raises InterfaceError where that may be never."""
        end = self.end
        if end is None or name not in _WAITING:
            raise InterfaceError(_OPEN)

        async def later(*arguments: Any, **options: Any) -> Any:
            await self.world.finish(end.wait(None))  # shielded, because others wait for the same
            return await getattr(self.wire, name)(*arguments, **options)

        return later

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
        wire = conn.wire
        self.wire: Wire = wire
        world = world_of(conn)
        self._transaction = type(conn).over(wire, world).transaction()
        self._transaction._lazy = True
        self._conn = conn
        self._stand_in = StandIn(wire, world)
        conn._wire = cast("Wire", self._stand_in)

    async def begin(self, timeout: float | None) -> None:
        """Begin the transaction."""
        await self._transaction.start(timeout)

    def leave(self) -> None:
        """Nobody reads any more: who asks for the connection now waits for the end, which somebody has to bring."""
        self._stand_in.end = self._stand_in.world.waiter()

    async def end(self, complete: bool, timeout: float | None = None) -> None:
        """Commit, or roll back."""
        try:
            if self._transaction.is_active():
                await (self._transaction.commit(timeout=timeout) if complete else self._transaction.rollback())
        finally:
            stand_in = self._stand_in
            stand_in.over = True
            if self._conn._wire is stand_in:
                self._conn._wire = stand_in.wire
            if stand_in.end is not None:
                stand_in.end.set()


def world_of(conn: AsyncConnection) -> World:
    """Where the statements of an open connection wait."""
    world = conn._world
    assert world is not None
    return world
