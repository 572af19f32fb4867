"""Statements and savepoints of tasks that share a transaction: which came first the database knows, and the unit's log must agree.

So a savepoint is set, or rolled back to, while no statement is under way on its connection and all that was written there is in the log;
who has something to send meanwhile waits. That takes no longer: a connection does one thing at a time.
"""

from __future__ import annotations

from collections.abc import Collection
from types import TracebackType
from typing import TYPE_CHECKING, Self

from ferrow.orm.unit.waiting import Waiting

if TYPE_CHECKING:
    from ferrow.abc import World


class Sending(Waiting):
    """What is under way for one unit, and the savepoints that are just being set or rolled back to: the connection of each."""

    __slots__ = ("_savepoints", "_under_way")

    def __init__(self) -> None:
        super().__init__()
        self._under_way: dict[object, object] = {}
        self._savepoints: dict[object, object] = {}

    async def begin(self, world: World, seconds: float, mine: object, connection: object) -> None:
        """Something is about to be sent for `mine`. Waits for savepoints, but not for ever, nor with something under way already."""
        patient = True
        while True:
            with self._mutex:
                here = connection in self._savepoints.values() and self._under_way.get(mine) is not connection
                if not here or not patient:
                    self._under_way[mine] = connection
                    return
                waiter = self._waiter(world)
            patient = await waiter.wait(seconds)

    def logged(self, mine: object) -> None:
        """What was sent for `mine` is in the log, or is not to be waited for."""
        if mine in self._under_way:
            with self._mutex:
                self._under_way.pop(mine, None)
            self._wake()

    def stop(self, mine: object, connection: object) -> None:
        """A savepoint: nothing else is sent from now on."""
        with self._mutex:
            self._savepoints[mine] = connection

    async def ended(self, world: World, seconds: float, own: Collection[object], connection: object) -> None:
        """Wait for what is under way, but not for ever, nor for what is sent for one of `own`."""
        patient = True
        while patient:
            with self._mutex:
                if all(one in own or on is not connection for one, on in self._under_way.items()):
                    return
                waiter = self._waiter(world)
            patient = await waiter.wait(seconds)

    def go_on(self, mine: object) -> None:
        """The savepoint is in the log."""
        with self._mutex:
            self._savepoints.pop(mine, None)
        self._wake()


class StatementTurn:
    """A statement is sent in one `async with`. `lasting`: what it is sent for, if that ends later and says so itself."""

    __slots__ = ("_connection", "_lasting", "_seconds", "_sending", "_world")

    def __init__(
        self, sending: Sending, world: World, seconds: float, lasting: object | None, connection: object
    ) -> None:
        self._sending = sending
        self._world = world
        self._seconds = seconds
        self._lasting = lasting
        self._connection = connection

    async def __aenter__(self) -> None:
        mine = self if self._lasting is None else self._lasting
        await self._sending.begin(self._world, self._seconds, mine, self._connection)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._lasting is None:
            self._sending.logged(self)


class SavepointTurn:
    """A savepoint is set, or rolled back to, in one `with`. `own`: what the running code sends for."""

    __slots__ = ("_connection", "_own", "_seconds", "_sending", "_world")

    def __init__(
        self, sending: Sending, world: World, seconds: float, own: Collection[object], connection: object
    ) -> None:
        self._sending = sending
        self._world = world
        self._seconds = seconds
        self._own = own
        self._connection = connection

    def __enter__(self) -> Self:
        self._sending.stop(self, self._connection)
        return self

    async def ended(self) -> None:
        """Wait until nothing is under way any more, but not for ever."""
        await self._sending.ended(self._world, self._seconds, self._own, self._connection)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._sending.go_on(self)
