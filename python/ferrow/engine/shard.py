"""The part of a pool that belongs to one event loop (or, in the blocking world, to one process): a state machine.

Nothing here waits. Every method is one step under a mutex that is never held across an await, and that its own thread may
take again: a garbage collection or a signal handler in the middle of a step may give a connection back. What a step makes necessary
elsewhere (a connection to close) is left in `outbox`, a caller it serves is woken through its ticket.

Two laws hold between steps: idle + used + opening + recovering = size <= max_size; and while anybody waits, nothing is idle
and no place is free. The second is what makes the queue fair: a newcomer can only overtake if there is something to take.
"""

from __future__ import annotations

from _thread import RLock
from collections import OrderedDict, deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ferrow.engine.recovery import overdue
from ferrow.engine.slot import Grant, Permit, Slot, Ticket
from ferrow.engine.stats import PoolStats
from ferrow.errors import InterfaceError, PoolClosed

if TYPE_CHECKING:
    from ferrow.abc import Waiter
    from ferrow.engine.lanes import Lanes
    from ferrow.engine.limits import Limits


class Shard:
    """Connections of one owner, and the queue for them."""

    __slots__ = (
        "pid", "key", "limits", "idle", "used", "recovering", "opening", "waiters", "outbox", "trouble", "closing",
        "lanes", "short", "mutex", "_empty", "_floor", "renewed",
    )  # fmt: skip

    def __init__(self, pid: int, key: Any, limits: Limits) -> None:
        self.pid: int = pid
        self.key: Any = key
        self.limits: Limits = limits
        self.idle: deque[Slot] = deque()  # the longest idle first
        self.used: set[Slot] = set()
        self.recovering: set[Slot] = set()
        self.opening: int = 0
        self.waiters: OrderedDict[Ticket, None] = OrderedDict()
        self.outbox: list[Slot] = []
        self.trouble: float = float("-inf")
        """When a connection was last found dead: what has been idle since before then is tried out before it is lent."""
        self.closing: bool = False
        self.lanes: Lanes | None = None
        """Those of the used connections that tasks share, where any ever were."""
        self.short: bool = False
        """Something may be missing of `min_size`."""
        self.mutex: RLock = RLock()
        self._empty: list[Waiter] = []
        self._floor = 0  # `min_size`, once there were as many
        self.renewed: float = float("-inf")
        """When its connections last turned out to lead to the wrong server."""

    # --- getting one -------------------------------------------------------------------------------------------------

    def ask(self, now: float, waiter: Callable[[], Waiter]) -> Grant | Ticket:
        """An idle connection, the freshest first; else leave to open one; else a ticket. Raises PoolClosed."""
        with self.mutex:
            if self.closing:
                raise PoolClosed("the pool was closed; create another engine to go on")
            if self.recovering:
                self.trouble = max(self.trouble, overdue(self.recovering, now))
            while self.idle:
                slot = self.idle.pop()
                if not slot.wire.probe():
                    self.trouble = now
                    self.short = self._floor > 0
                elif now >= slot.expires:
                    self.retire(slot)
                else:
                    self.used.add(slot)
                    return slot
            if self._size() < self.limits.max_size:
                self.opening += 1
                return Permit.OPEN
            ticket = Ticket(waiter())
            self.waiters[ticket] = None
            # Something may have come back within this very step, see above.
            while self.idle and self.waiters:
                slot = self.idle.pop()
                self.used.add(slot)
                self._grant(slot)
            self._fill()
            return ticket

    def at_hand(self, now: float) -> Slot | None:
        """An idle connection that needs no trying out, or None: for who can do without."""
        with self.mutex:
            idle = self.idle
            while idle and not self.closing:
                slot = idle[-1]
                if now >= slot.expires or now - slot.proven > self.limits.check_after or slot.proven <= self.trouble:
                    return None
                idle.pop()
                if slot.wire.probe():
                    self.used.add(slot)
                    return slot
                self.trouble = now
            return None

    @property
    def has_room(self) -> bool:
        """Whether another connection could be opened now."""
        return not self.closing and self._size() < self.limits.max_size

    def withdraw(self, ticket: Ticket, now: float) -> None:
        """The caller has gone; what it was granted meanwhile goes to the next."""
        with self.mutex:
            self.waiters.pop(ticket, None)
            if isinstance(ticket.grant, Slot):
                self.used.discard(ticket.grant)
                self._offer(ticket.grant, now)
            elif ticket.grant is Permit.OPEN:
                self.opening -= 1
                self._fill()

    def give_up(self, ticket: Ticket) -> bool:
        """The deadline has passed: leave the queue; False if something was granted at the last moment."""
        with self.mutex:
            if ticket.grant is not None or ticket.error is not None:
                return False
            self.waiters.pop(ticket, None)
            return True

    def opened(self, slot: Slot) -> bool:
        """A connection was opened with a permit; False if the pool was closed meanwhile (then it is retired)."""
        with self.mutex:
            self.opening -= 1
            if self.closing:
                self.retire(slot)
                return False
            self.used.add(slot)
            if self._size() >= self.limits.min_size:
                self._floor = self.limits.min_size
            else:
                self.short = self._floor > 0
            return True

    def open_failed(self, now: float | None = None) -> None:
        """A permit was used in vain: its place is free for the next in the queue. `now`: the server is to blame."""
        with self.mutex:
            self.opening -= 1
            if now is not None:
                self.trouble = now
            self._fill()

    def replaces(self) -> bool:
        """Whether a connection is missing of `min_size`; if so its place is counted, and somebody must open it."""
        with self.mutex:
            self.short = False
            missing = not self.closing and self._size() < self._floor
            self.opening += missing
            return missing

    def reopen(self, slot: Slot, now: float) -> None:
        """An acquired connection turned out to be dead: its borrower may open another in its place."""
        with self.mutex:
            self.used.discard(slot)
            self.trouble = now
            self.opening += 1

    # --- giving it back ----------------------------------------------------------------------------------------------

    def put_back(self, slot: Slot, now: float) -> None:
        """A used connection is clean: to the next in the queue, or among the idle."""
        with self.mutex:
            self._leave(slot)
            # What was lent before the last trouble may have answered for the last time before it, too.
            slot.proven = now if slot.since > self.trouble else self.trouble
            idle = self.idle
            if self.waiters or self.closing or now >= slot.expires:
                self._offer(slot, now)
            else:  # as `_offer`, without the call: this is every statement's way
                idle.append(slot)
            # The longest idle stands first: one look per return retires all of them in time, without a background thread.
            if idle and now - idle[0].proven > self.limits.max_idle and self._size() > self.limits.min_size:
                self.retire(idle.popleft())

    def lost(self, slot: Slot, now: float) -> None:
        """A used connection is dead."""
        with self.mutex:
            self._leave(slot)
            self.trouble = now
            self.short = self._floor > 0
            self._fill()

    def recover(self, slot: Slot) -> None:
        """A used connection was given back in the middle of something."""
        with self.mutex:
            self._leave(slot)
            self.recovering.add(slot)

    def recovered(self, slot: Slot, now: float) -> None:
        """A recovering connection is clean again."""
        with self.mutex:
            self.recovering.discard(slot)
            slot.proven = now
            self._offer(slot, now)

    def gone(self, slot: Slot, trouble: float | None = None) -> None:
        """A recovering connection has been closed. `trouble`: the moment, if it would not recover."""
        with self.mutex:
            self.recovering.discard(slot)
            self.short = self._floor > 0
            if trouble is not None:
                self.trouble = trouble
            self._fill()

    # --- closing -----------------------------------------------------------------------------------------------------

    def close(self) -> None:
        """Refuse everybody from now on; idle connections are retired, used ones will be on their return."""
        with self.mutex:
            self.closing = True
            for ticket in self.waiters:
                ticket.error = PoolClosed("the pool was closed while waiting for a connection")
                ticket.waiter.set()
            self.waiters.clear()
            while self.idle:
                self.retire(self.idle.pop())

    def empty(self, waiter: Waiter) -> None:
        """Have `waiter` set once no connection is left."""
        with self.mutex:
            self._empty.append(waiter)
            self._fill()

    def flush(self) -> list[Slot]:
        """The connections that the last steps left to be closed; all are counted as recovering until `gone`."""
        with self.mutex:
            slots, self.outbox = self.outbox, []
            return slots

    def everything(self) -> list[Slot]:
        """Every connection there is."""
        with self.mutex:
            return [*self.idle, *self.used, *self.recovering]

    def stats(self) -> PoolStats:
        """The figures of this moment."""
        with self.mutex:
            lanes, waiting = self.lanes, len(self.waiters)
            if lanes is not None and lanes.queued:
                waiting += lanes.queued - min(waiting, 1)  # they stand in the queue as one
            resting = 0 if lanes is None else lanes.resting
            return PoolStats(
                idle=len(self.idle) + resting,
                used=len(self.used) - resting,
                opening=self.opening,
                recovering=len(self.recovering),
                waiting=waiting,
                max_size=self.limits.max_size,
                shared=0 if lanes is None else lanes.statements,
            )

    # --- steps of steps: the mutex is held ---------------------------------------------------------------------------

    def _size(self) -> int:
        return len(self.idle) + len(self.used) + self.opening + len(self.recovering)

    def _leave(self, slot: Slot) -> None:
        try:
            self.used.remove(slot)
        except KeyError:
            raise InterfaceError("a connection was given back to its pool twice") from None

    def _offer(self, slot: Slot, now: float) -> None:
        if self.closing or now >= slot.expires:
            self.retire(slot)
        elif self.waiters:
            self.used.add(slot)
            self._grant(slot)
        else:
            self.idle.append(slot)

    def _grant(self, grant: Grant) -> None:
        ticket, _ = self.waiters.popitem(last=False)
        ticket.grant = grant
        ticket.waiter.set()

    def _fill(self) -> None:
        while self.waiters and self._size() < self.limits.max_size:
            self.opening += 1
            self._grant(Permit.OPEN)
        if self.closing and self._size() == 0:
            for waiter in self._empty:
                waiter.set()
            self._empty.clear()

    def retire(self, slot: Slot) -> None:
        """Have it closed."""
        self.recovering.add(slot)
        self.outbox.append(slot)
