"""Notifications that have arrived and nobody has taken yet: bounded, and given to every reader."""

from __future__ import annotations

from _thread import RLock
from collections import deque
from collections.abc import Callable
from typing import TypeAlias

from ferrow.errors import InterfaceError, NotificationsLost

Item: TypeAlias = tuple[str, str, int]
"""Channel, payload, process id of the server process that sent it."""


class Inbox:
    """What one connection was notified of. Every reader sees all of it, from its first step on.

    While there is no reader, notifications are kept for the next one; what the last reader left goes back there. So nothing
    is lost between LISTEN and the first step, nor between two loops one after the other. Any thread may call.
    """

    __slots__ = ("_lock", "_readers", "_size", "_spare")

    def __init__(self, size: int) -> None:
        self._size = size
        # May be taken again by its own thread: a garbage collection in the middle of a step may close a reader.
        self._lock = RLock()
        self._readers: list[Reader] = []
        self._spare = Reader(self)

    def put(self, item: Item) -> None:
        """Keep a notification for every reader, and wake those that wait. A full queue drops its oldest."""
        overflows = False
        with self._lock:
            for reader in self._readers or (self._spare,):
                overflows |= reader._put(item, self._size)
        if overflows:
            import logging

            logging.getLogger("ferrow.notifications").warning(
                "notifications on channel %r come faster than they are taken: the oldest of %d are being dropped",
                item[0],
                self._size,
            )

    def subscribe(self) -> Reader:
        """A new reader; the first one gets what has come before. Close it when done."""
        with self._lock:
            if self._readers:
                reader = Reader(self)
            else:
                reader, self._spare = self._spare, Reader(self)
            self._readers.append(reader)
            return reader

    @property
    def spare(self) -> bool:
        """Whether something has come for which there was no reader."""
        with self._lock:
            return not self._readers and bool(self._spare._items)

    def leave(self, reader: Reader) -> None:
        """The reader goes; the last one leaves what it has not taken to the next."""
        with self._lock:
            if reader in self._readers:
                self._readers.remove(reader)
                if not self._readers:
                    self._spare = reader

    def wake(self) -> None:
        """Have everybody who waits look again: the connection has ended."""
        with self._lock:
            for reader in self._readers:
                reader._look()

    def reset(self, reason: str) -> None:
        """Forget everything; who still reads gets an InterfaceError with `reason`."""
        with self._lock:
            readers, self._readers = self._readers, []
            self._spare = Reader(self)
            for reader in readers:
                reader._end(reason)


class Reader:
    """The place of one reader in an inbox."""

    __slots__ = ("_dropped", "_ended", "_inbox", "_items", "_wake")

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self._items: deque[Item] = deque()
        self._dropped = 0
        self._ended: str | None = None
        self._wake: Callable[[], object] | None = None

    def take(self) -> Item | None:
        """The oldest notification, or None. Raises NotificationsLost, once, where some are missing."""
        with self._inbox._lock:
            if self._dropped:
                count, self._dropped = self._dropped, 0
                raise NotificationsLost(
                    f"{count} notifications were dropped because they came faster than they were taken. Read again what they "
                    "were about; take them faster, or raise notification_queue_size"
                )
            return self._items.popleft() if self._items else None

    def ready(self) -> bool:
        """Whether `take` has something to say. Raises InterfaceError when the connection is somebody else's by now."""
        if self._items:  # where some were dropped, later ones are
            return True
        if self._ended is not None:
            raise InterfaceError(self._ended)
        return False

    def attend(self, wake: Callable[[], object] | None) -> None:
        """Have `wake` called when it is worth looking again; None: not any more."""
        self._wake = wake

    def close(self) -> None:
        """Leave the inbox. Never waits; closing twice is fine."""
        self._wake = None
        self._inbox.leave(self)

    def _put(self, item: Item, size: int) -> bool:
        """Whether the queue begins to overflow."""
        overflows = False
        if len(self._items) >= size:
            self._items.popleft()
            overflows = not self._dropped
            self._dropped += 1
        self._items.append(item)
        self._look()
        return overflows

    def _end(self, reason: str) -> None:
        self._items.clear()
        self._dropped = 0
        self._ended = reason
        self._look()

    def _look(self) -> None:
        if self._wake is not None:
            self._wake()
