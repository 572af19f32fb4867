"""The transaction that the cursors of a connection open (PEP 249: a connection does not commit by itself)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import ref

from ferrow.abc import Status
from ferrow.driver.ending import commit, rollback
from ferrow.driver.fetch import DISCONNECTED
from ferrow.errors import DatabaseError, InterfaceError, OperationalError, ProgrammingError

if TYPE_CHECKING:
    from ferrow.abc import Waiter, Wire, World
    from ferrow.driver.connection import AsyncConnection
    from ferrow.driver.cursor import AsyncCursor
    from ferrow.driver.stream import AsyncStream

# SQLite: only what writes begins one (see `effects`), and it takes the lock while waiting for it still helps.
_BEGIN = {"postgresql": "BEGIN", "sqlite": "BEGIN IMMEDIATE", "mysql": "BEGIN"}


class Implicit:
    """One per connection, shared by its cursors.

    It does not hold its connection, which is therefore closed as soon as nobody else does.
    """

    __slots__ = ("_autocommit", "_begun", "_changing", "_cursors", "_stream", "used")

    def __init__(self, autocommit: bool = False) -> None:
        self._autocommit = _switch(autocommit)
        self._begun = False
        # Of a cursor, and with a transaction of its own.
        self._stream: ref[AsyncStream[Any]] | None = None
        # Whether there ever was a cursor: it may also have begun a transaction in words of its own, or joined one.
        self.used: bool = False
        # Under one key, whose BEGIN, COMMIT or ROLLBACK is on its way. Without a lock: `setdefault` decides between threads.
        self._changing: dict[str, Waiter] = {}
        self._cursors: set[ref[AsyncCursor]] = set()

    @property
    def autocommit(self) -> bool:
        """As `AsyncConnection.autocommit`."""
        return self._autocommit

    @property
    def begun(self) -> bool:
        """Whether a cursor has begun a transaction that nobody has ended."""
        return self._begun

    def set_autocommit(self, conn: AsyncConnection, value: bool) -> None:
        """As the setter of `AsyncConnection.autocommit`."""
        value = _switch(value)
        if conn.wire.status is not Status.IDLE:
            raise ProgrammingError("autocommit cannot be changed inside a transaction; commit() or rollback() first")
        self._autocommit = value

    def made(self, cursor: AsyncCursor) -> None:
        """There is another cursor."""
        self._cursors.add(ref(cursor, self._cursors.discard))

    def disconnect(self) -> None:
        """The connection is closed: what its cursors have read is not fetched any more."""
        for known in self._cursors.copy():  # at once: the garbage collector takes some out
            cursor = known()
            if cursor is not None:
                cursor._end(DISCONNECTED)

    def streams(self, stream: AsyncStream[Any]) -> None:
        """A cursor reads this one. `rollback` is to end what it holds: the transaction, and with it the connection."""
        if stream._held is not None:
            self._stream = ref(stream)

    def wanted(self, wire: Wire) -> bool:
        """Whether a statement that belongs into a transaction finds none, or one that may be ending."""
        return not self._autocommit and (wire.status is Status.IDLE or bool(self._changing))

    async def begin(self, conn: AsyncConnection, wire: Wire) -> None:
        """Begin, unless another task or thread has. Raises what BEGIN raises; nobody's statement commits by itself instead."""
        mine = await self._turn(_world(conn))
        try:
            if wire.status is Status.IDLE:
                self._begun = True  # from now on: whoever is cancelled here may leave a transaction behind
                try:
                    await wire.begin(_BEGIN[wire.dialect])
                except DatabaseError:
                    self._begun = False
                    raise
        finally:
            self._over(mine)

    async def commit(self, conn: AsyncConnection) -> None:
        """As `AsyncConnection.commit`."""
        wire = _outside(conn, "commit()")
        world = _world(conn)
        mine = await self._turn(world)
        try:
            status = wire.status
            self._begun = False
            if status is Status.TRANSACTION:
                await commit(wire, False, world)
            elif status is Status.FAILED:
                await world.finish(rollback(wire, refusing=False))
                raise OperationalError(
                    "the transaction was not committed: an earlier statement in it failed and everything was rolled back. "
                    "Call rollback() after an error"
                )
        finally:
            self._over(mine)

    async def rollback(self, conn: AsyncConnection) -> None:
        """As `AsyncConnection.rollback`."""
        wire = _outside(conn, "rollback()")
        world = _world(conn)
        stream = None if self._stream is None else self._stream()
        self._stream = None
        if stream is not None:
            await stream._finish(False)
        mine = await self._turn(world)
        try:
            # Not because the wire is busy: outside a transaction, that is with a statement of another task or thread.
            begun, self._begun = self._begun, False
            if begun or wire.status is not Status.IDLE:
                await world.finish(rollback(wire, refusing=False))
        finally:
            self._over(mine)

    async def leave(self, conn: AsyncConnection) -> None:
        """Commit what cursors did, at the end of the connection's block. (Closing undoes it.)"""
        if self.used and not conn.is_closed() and not conn._stack:
            await self.commit(conn)

    async def _turn(self, world: World) -> Waiter:
        """Wait until nobody else is beginning or ending a transaction."""
        while True:
            mine = world.waiter()
            other = self._changing.setdefault("turn", mine)
            if other is mine:
                return mine
            await world.finish(other.wait(None))  # shielded, because others wait for the same

    def _over(self, mine: Waiter) -> None:
        del self._changing["turn"]
        mine.set()


def _switch(autocommit: bool) -> bool:
    # A text from a configuration would be True whatever it says. Other drivers take 0 and 1.
    if not isinstance(autocommit, int) or autocommit not in (0, 1):
        raise InterfaceError(f"autocommit={autocommit!r}: it takes True or False")
    return bool(autocommit)


def _world(conn: AsyncConnection) -> World:
    world = conn._world
    assert world is not None
    return world


def _outside(conn: AsyncConnection, call: str) -> Wire:
    if conn._stack:
        raise ProgrammingError(
            f"{call} of the connection inside a transaction: end the transaction() block, or call {call} of the "
            "transaction that begin() gave"
        )
    return conn.wire
