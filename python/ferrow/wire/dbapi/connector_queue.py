"""The places of a `PoolConnector`, and the queue for them. Nothing here waits, or uses a connection."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Any

from ferrow.errors import PoolClosed, PoolTimeout
from ferrow.wire.dbapi.connector_reset import autocommit, closed


class ConnectorTimeout(PoolTimeout, TimeoutError):
    """No connection of a `PoolConnector` became free in time."""


class ConnectorClosed(PoolClosed, RuntimeError):
    """The `PoolConnector` was closed."""


class Member:
    """One connection of a pool. `extra` is whatever its user keeps with it until its session is reset."""

    __slots__ = ("autocommit", "conn", "extra", "opened", "since", "threads")

    def __init__(self, conn: Any, now: float) -> None:
        self.conn: Any = conn
        self.autocommit: bool | None = autocommit(conn)
        self.extra: Any = None
        self.threads: Any = None
        self.opened: float = now
        self.since: float = now
        """When it came back last."""


class Ticket:
    """A place in the queue. `grant` is what it came to: a member, or leave to open one (None)."""

    __slots__ = ("grant", "granted", "wake")

    def __init__(self, wake: Callable[[], object]) -> None:
        self.wake: Callable[[], object] = wake
        self.granted: bool = False
        self.grant: Member | None = None

    def give(self, member: Member | None) -> None:
        self.granted, self.grant = True, member
        self.wake()


class Queue:
    """Connections that are idle or lent, and who waits for one. The longest waiting is served first."""

    def __init__(self, size: int) -> None:
        self.max_size = size
        self.idle: list[Member] = []
        self.used: dict[int, Member] = {}
        self.closed: bool = False
        self._size = 0
        self._waiters: deque[Ticket] = deque()
        self._mutex = threading.RLock()

    def ask(self, wake: Callable[[], object]) -> Member | Ticket | None:
        """An idle connection, leave to open one (None), or a place in the queue."""
        with self._mutex:
            self.check()
            while self.idle:
                member = self.idle.pop()
                if closed(member.conn):
                    self._size -= 1
                    continue
                self.used[id(member.conn)] = member
                return member
            if self._size < self.max_size:
                self._size += 1
                return None
            ticket = Ticket(wake)
            self._waiters.append(ticket)
            return ticket

    def granted(self, ticket: Ticket) -> Member | None:
        """What came of waiting. Raises ConnectorTimeout, ConnectorClosed."""
        with self._mutex:
            if ticket.granted:
                return ticket.grant
            self.check()
            self._waiters.remove(ticket)
        raise ConnectorTimeout("Timed out waiting for a pooled DB connection.")

    def withdraw(self, ticket: Ticket) -> None:
        """Who waited has gone; what it was granted goes to the next."""
        with self._mutex:
            if not ticket.granted:
                if ticket in self._waiters:
                    self._waiters.remove(ticket)
                return
        if ticket.grant is None:
            self.free()
        else:
            self.offer(ticket.grant)

    def missing(self, size: int) -> bool:
        """Whether there are fewer connections than `size`; if so there is leave to open one."""
        if self._size >= size:
            return False
        with self._mutex:
            less = not self.closed and self._size < size
            self._size += less
            return less

    def opened(self, conn: Any, now: float) -> Member:
        """A connection was opened with a leave to."""
        member = Member(conn, now)
        with self._mutex:
            self.used[id(conn)] = member
        return member

    def lent(self, conn: Any) -> Member:
        """Take back a connection that is lent; until `offer` or `free` its place is taken. Raises ValueError if it is not."""
        with self._mutex:
            member = self.used.pop(id(conn), None)
        if member is None:
            raise ValueError("this connection is not lent by this pool: it is another's, or was released before")
        return member

    def offer(self, member: Member) -> bool:
        """A connection is fit to be lent. False: the pool was closed meanwhile, so that it is to be closed, and its place is free."""
        with self._mutex:
            self.used.pop(id(member.conn), None)
            if not self.closed:
                if self._waiters:
                    self.used[id(member.conn)] = member
                    self._waiters.popleft().give(member)
                else:
                    self.idle.append(member)
                return True
        self.free()
        return False

    def free(self) -> None:
        """There is room for another connection."""
        with self._mutex:
            self._size -= 1
            if self._waiters and not self.closed:
                self._size += 1
                self._waiters.popleft().give(None)

    def check(self) -> None:
        """Raises ConnectorClosed."""
        if self.closed:
            raise ConnectorClosed("PoolConnector is closed.")

    def shut(self) -> list[Member]:
        """Refuse everybody from now on; the idle connections, which are to be closed."""
        with self._mutex:
            self.closed = True
            idle, self.idle = self.idle, []
            self._size -= len(idle)
            for ticket in self._waiters:
                ticket.wake()
            self._waiters.clear()
            return idle
