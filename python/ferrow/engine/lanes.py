"""The connections that the tasks of one event loop share: which statement goes where, and what happens when one of them stalls.

A connection that nobody waits on rests for a moment, since the next statement mostly comes at once (lane.py).

Three rules keep this from being noticed. Who waits for the pool comes first: while its queue is not empty nothing is sent on a shared
connection, so that it drains and goes back; what would have been sent queues up as one (backlog.py). A connection on which nothing was
answered for a while gets nothing more. And what stands behind the statement that takes so long is sent again elsewhere (rescue.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ferrow.engine.backlog import DEPTH, Backlog
from ferrow.engine.clock import Clock
from ferrow.engine.lane import WINDOW, Lane, TracedLane
from ferrow.engine.rescue import rescue

if TYPE_CHECKING:
    from ferrow.engine.again import Statement
    from ferrow.engine.pool import AsyncPool
    from ferrow.engine.shard import Shard
    from ferrow.engine.slot import Slot
    from ferrow.engine.texts import Texts

_STALLED = 2  # ticks without an answer: 8 to 12 ms
_SLOW = 2  # ticks with hardly an answer, after which the statements at the head count as slow
_RESCUE = 5  # the same: 20 to 24 ms
_WAYS = 3  # to the server and back for one answer: it may have to be prepared first, and its types looked up
_GROWING = 4  # connections being opened ahead at once, at most


class Lanes:
    """The shared connections of one shard."""

    __slots__ = ("clock", "pool", "shard", "texts", "width", "_all", "_backlog", "_calm", "_growing", "_half", "_open", "_queue")  # fmt: skip

    def __init__(self, pool: AsyncPool, shard: Shard, texts: Texts) -> None:
        self.pool: AsyncPool = pool
        self.shard: Shard = shard
        self.texts: Texts = texts
        self.width: int = WINDOW
        """How many statements a new lane takes: fewer when they turn out not to be that quick."""
        self.clock: Clock = Clock(pool, shard.key, self._tick)
        self._half = max(1, shard.limits.max_size // 2)
        self._all: list[Lane] = []
        self._open: list[Lane] = []  # those that take more
        self._backlog = Backlog(self)
        self._queue = self._backlog.waiting
        self._calm = shard.trouble
        self._growing = 0

    # --- one statement -----------------------------------------------------------------------------------------------

    def pick(self) -> Lane | Backlog:
        """Where the next statement goes; whatever it is, it has a method `run`."""
        shard = self.shard
        if shard.waiters or self._queue:
            return self._backlog
        if shard.trouble > self._calm:
            # What rests is to be tried out before it is used again.
            self._calm = shard.trouble
            self.cool()
        best = None
        most = 0
        for lane in self._open:
            if (room := lane.window - len(lane.flying)) > most:
                best, most = lane, room
        return best or self._another()

    def start(self, slot: Slot) -> Lane:
        """Share a borrowed connection from now on."""
        return self._start(slot, self.pool.world.now())

    def _start(self, slot: Slot, now: float) -> Lane:
        kind = Lane if self.pool.source.trace is None else TracedLane
        lane = kind(self, slot)
        self._open.append(lane)
        self._watch(lane, now)
        return lane

    def watch(self, lane: Lane) -> None:
        """Look after a lane from now on."""
        self._watch(lane, self.pool.world.now())

    def _watch(self, lane: Lane, now: float) -> None:
        lane.slot.since = now
        self._all.append(lane)
        if not self.clock.running:
            self.clock.start()

    def leave(self, lane: Lane) -> None:
        """A lane takes no more, and ends when it has drained."""
        lane.shares = False
        if lane in self._open:
            self._open.remove(lane)

    def ended(self, lane: Lane) -> None:
        """Nobody waits on a lane any more."""
        # As `leave`, without the call: this is every statement's way.
        lane.shares = False
        if lane in self._open:
            self._open.remove(lane)
        if lane in self._all:
            self._all.remove(lane)
        self.pool.release(lane.slot)

    def cool(self) -> None:
        """Give back what rests."""
        for lane in [*self._all]:
            lane.end()

    @property
    def resting(self) -> int:
        """How many connections are kept for a moment, though nobody uses them."""
        return sum(lane.rests for lane in [*self._all])

    @property
    def statements(self) -> int:
        """How many are under way."""
        return sum(len(lane.flying) for lane in self._all)

    @property
    def queued(self) -> int:
        """How many wait for a connection, as one in the pool's queue."""
        return len(self._backlog.waiting)

    def _another(self) -> Lane | Backlog:
        """All are full, or there is none."""
        shard = self.shard
        quick = self.width == WINDOW
        # Half of them, so that what must not be shared finds a connection without having to wait for one to drain. All of them for
        # those that are not that quick: they would have them to themselves, too.
        if len(self._open) < (self._half if quick else shard.limits.max_size):
            slot = shard.at_hand(now := self.pool.world.now())
            if slot is not None:
                return self._start(slot, now)
            if self._open and self._growing < _GROWING and shard.has_room:
                self._growing += 1
                self.pool.world.spawn(self._grow())
        emptiest = min(self._open, key=_load, default=None)
        return emptiest if emptiest is not None and quick and len(emptiest.flying) < DEPTH else self._backlog

    async def _grow(self) -> None:
        """Open a connection for those to come; who asked did not want to wait for it."""
        try:
            self.pool.release(await self.pool.acquire())
        except Exception:  # whoever needs one at once will be told
            pass
        finally:
            self._growing -= 1

    # --- the clock ---------------------------------------------------------------------------------------------------

    def _tick(self, now: float, late: bool) -> bool:
        """Look at every lane; whether there is anything left to look after."""
        patience = self.clock.distance * _WAYS
        for lane in [*self._all]:
            if lane.rests:
                lane.end()
                continue
            lane.tick(not (late or patience))
            if lane.still >= _STALLED + patience:
                self._stalls(lane, now)
            elif lane.shares and lane not in self._open:
                self._open.append(lane)
            if lane.slow >= _SLOW:
                self._blame(lane.stuck()[0], now)
            if now >= lane.slot.expires:
                self.leave(lane)
        self.width = max((lane.window for lane in self._open), default=WINDOW)
        return bool(self._all)

    def _stalls(self, lane: Lane, now: float) -> None:
        head, stuck = lane.stuck()
        if not lane.stalled:
            lane.stalled = True
            if lane in self._open:
                self._open.remove(lane)
            self._blame(head, now)
        if stuck and lane.still >= _RESCUE + self.clock.distance * _WAYS and not lane.rescuing:
            lane.rescuing = True
            self.pool.world.spawn(rescue(self, lane, stuck))

    def _blame(self, head: Statement | None, now: float) -> None:
        if head is not None and (text := self.texts.get(head[0])) is not None:
            text.held_up(now)


def _load(lane: Lane) -> int:
    return len(lane.flying)
