"""The connection pool, once for both colours."""

from __future__ import annotations

import math
import random
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ferrow import process
from ferrow.engine.held import held_by, hopeless
from ferrow.engine.holder import caller, describe
from ferrow.engine.recovery import alive
from ferrow.engine.shard import Shard
from ferrow.engine.slot import Grant, Permit, Slot, Ticket
from ferrow.engine.stats import PoolStats
from ferrow.engine.upkeep import refill, restore, retire
from ferrow.errors import Error, PoolClosed, PoolDeadlock, PoolTimeout

if TYPE_CHECKING:
    from collections.abc import Callable

    from ferrow.abc import World
    from ferrow.engine.limits import Limits
    from ferrow.engine.source import Source

_MOMENT = 0.04  # seconds by which trying out may pass the deadline
_JITTER = 0.1  # part of `max_lifetime` by which connections opened together differ, so that they do not end together


class AsyncPool:
    """Connections to one database, lent in the order in which they were asked for.

    Connections belong to the event loop (blocking: the process) that opened them: another loop gets its own, those of a loop
    that has ended are dropped, and a forked child never touches its parent's. There is no background thread: connections are
    retired when they are asked for or given back.
    """

    __slots__ = ("source", "limits", "world", "_shards", "_latest", "_closed", "_caller", "__weakref__")

    def __init__(self, source: Source, limits: Limits, world: World) -> None:
        self.source: Source = source
        self.limits: Limits = limits
        self.world: World = world
        # Keyed by process and owner. A child finds nothing under its own pid, and what it inherited stays referenced here,
        # never closed: closing would tell the server, on the parent's connection, that the session is over.
        self._shards: dict[tuple[int, Any], Shard] = {}
        self._latest: Shard | None = None
        self._closed = False
        self._caller = caller(world)

    def __repr__(self) -> str:
        state = "closed, " if self._closed else ""
        return f"<{type(self).__name__} {self.source.settings.redacted}: {state}{self.stats()}>"

    # --- lending -----------------------------------------------------------------------------------------------------

    async def open(self) -> None:
        """Connect `min_size` times, at least once, so that a wrong password is an error here and not later."""
        slots: list[Slot] = []
        try:
            for _ in range(max(1, self.limits.min_size)):
                slots.append(await self.acquire())
        finally:
            for slot in slots:
                self.release(slot)

    async def acquire(self, timeout: float | None = None) -> Slot:
        """Borrow a connection; give it back with `release`.

        `timeout` in seconds (default: `acquire_timeout` of the pool) covers everything: the queue, connecting, trying out.
        Raises PoolTimeout, which says who holds what; PoolClosed; and what connecting raised.
        """
        now = self.world.now()
        shard = self._here()
        if shard.lanes is not None:
            shard.lanes.cool()
        grant = shard.ask(now, self.world.waiter)
        if shard.outbox or shard.short:
            self._flush(shard)
        # As `_stale`, without the call: this is every statement's way.
        if type(grant) is not Slot or now - grant.proven > self.limits.check_after or grant.proven <= shard.trouble:
            grant = await self._wait(shard, grant, now, self.limits.acquire_timeout if timeout is None else timeout)
        grant.holder = self._caller()
        grant.since = now
        grant.sql = None
        return grant

    def release(self, slot: Slot) -> None:
        """Give a connection back. Never waits and never fails, so a cancelled task can always do it.

        A connection given back in the middle of something is rolled back in the background (blocking: now, or in a thread
        if a statement is still being cancelled on it).
        """
        shard = slot.shard
        if shard.pid != process.current:
            return  # borrowed before a fork, by the parent
        slot.holder = None
        if not slot.touched and slot.wire.clean and slot.wire.refusals == slot.refusals:
            shard.put_back(slot, self.world.now())
        elif slot.wire.closed:
            _abort(slot)  # it may have its socket yet
            shard.lost(slot, self.world.now())
        else:
            slot.since = self.world.now()
            shard.recover(slot)
            # What is still being cancelled is waited for, by whoever does not keep the caller waiting.
            run = self.world.detach if slot.wire.busy else self.world.spawn
            self._spawn(shard, restore(self, shard, slot), slot, run)
        if shard.outbox or shard.short:
            self._flush(shard)

    # --- closing -----------------------------------------------------------------------------------------------------

    async def close(self, timeout: float | None = None) -> None:
        """Close every connection; wait up to `timeout` seconds (default: `close_timeout`) for borrowed ones, then cut them off.

        Callers still in the queue get PoolClosed. Closing twice does no harm.
        """
        self._closed = True
        here = self._here()
        if here.lanes is not None:
            here.lanes.cool()
        for shard in self._own_shards():
            shard.close()
            if shard is not here:
                _drop(shard)
        self._flush(here)
        empty = self.world.waiter()
        here.empty(empty)
        seconds = self.limits.close_timeout if timeout is None else timeout
        try:
            if not await empty.wait(_finite(seconds)):
                _drop(here)
        except BaseException:
            _drop(here)
            raise
        finally:
            self.source.closed(self)

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return self._closed

    def stats(self) -> PoolStats:
        """How many connections are doing what at this moment, in this process."""
        figures = [shard.stats() for shard in self._own_shards()]
        return PoolStats(
            idle=sum(one.idle for one in figures),
            used=sum(one.used for one in figures),
            opening=sum(one.opening for one in figures),
            recovering=sum(one.recovering for one in figures),
            waiting=sum(one.waiting for one in figures),
            max_size=self.limits.max_size * max(1, len(figures)),
            shared=sum(one.shared for one in figures),
        )

    # --- the long way to a connection --------------------------------------------------------------------------------

    async def _wait(self, shard: Shard, grant: Grant | Ticket, since: float, timeout: float) -> Slot:
        deadline = since + timeout
        if isinstance(grant, Ticket):
            grant = await self._queue(shard, grant, since, deadline)
        while isinstance(grant, Slot):
            now = self.world.now()
            if not self._stale(grant, now):
                return grant
            try:
                # Half the time, so that there is some to open another. Not less than a moment: a deadline about to pass is no
                # reason to take a connection for dead.
                if await alive(grant.wire, max(_MOMENT, min(self.limits.recovery_timeout, (deadline - now) / 2))):
                    return grant
            except BaseException:
                self.release(grant)
                raise
            grant.wire.abort()
            shard.reopen(grant, self.world.now())
            grant = Permit.OPEN
        return await self._connect(shard, since, deadline)

    async def _queue(self, shard: Shard, ticket: Ticket, since: float, deadline: float) -> Grant:
        me = self._caller()
        mine = held_by(me, shard)
        if mine and hopeless(shard, ticket, mine):
            shard.withdraw(ticket, self.world.now())
            raise self._deadlock(shard, len(mine))
        try:
            await ticket.waiter.wait(_finite(deadline - self.world.now()))
        except BaseException:
            shard.withdraw(ticket, self.world.now())
            self._flush(shard)
            raise
        if shard.give_up(ticket):
            raise self._late(shard, since, deadline)
        if ticket.error is not None:
            raise ticket.error
        assert ticket.grant is not None
        return ticket.grant

    async def _connect(self, shard: Shard, since: float, deadline: float) -> Slot:
        try:
            wire = await self.source.open(self.world, deadline - self.world.now())
        except BaseException as error:
            shard.open_failed(self.world.now() if isinstance(error, Error) else None)
            if isinstance(error, Error) and self.world.now() >= deadline:
                raise self._late(shard, since, deadline) from error
            raise
        now = self.world.now()
        lifetime = self.limits.max_lifetime * (1 - _JITTER * random.random())
        slot = Slot(wire, shard, now + lifetime, now)
        if not shard.opened(slot):
            self._flush(shard)
            raise PoolClosed("the pool was closed while a connection was being opened")
        return slot

    def _late(self, shard: Shard, since: float, deadline: float) -> PoolTimeout:
        if shard.lanes is not None:
            shard.lanes.cool()
        now = self.world.now()
        return PoolTimeout(
            f"no connection to {self.source.settings.redacted} became free within {deadline - since:g} s: {shard.stats()}. "
            f"Held by {describe(shard.everything(), now, self._caller())}. "
            "Give connections back sooner, or raise max_size or acquire_timeout."
        )

    def _deadlock(self, shard: Shard, mine: int) -> PoolDeadlock:
        now = self.world.now()
        others = "" if len(shard.used) == mine else ", and all others that do wait for one too"
        return PoolDeadlock(
            f"every connection to {self.source.settings.redacted} is held by who waits for another one: {shard.stats()}. "
            f"The caller holds {mine} of them itself{others}: none would ever come back. "
            f"Held by {describe(shard.everything(), now, self._caller())}. "
            "Use the connection of the block (conn.query() instead of engine.query()), end the block before asking for "
            "another one, or raise max_size"
        )

    def _stale(self, slot: Slot, now: float) -> bool:
        return now - slot.proven > self.limits.check_after or slot.proven <= slot.shard.trouble

    # --- background --------------------------------------------------------------------------------------------------

    def _flush(self, shard: Shard) -> None:
        for slot in shard.flush():
            self._spawn(shard, retire(self, shard, slot), slot)
        if shard.short and shard.replaces():
            self._spawn(shard, refill(self, shard), None, self.world.detach)

    def _spawn(self, shard: Shard, work: Any, slot: Slot | None, run: Callable[[Any], None] | None = None) -> None:
        try:
            (run or self.world.spawn)(work)
        except RuntimeError:
            # No loop is running any more, e.g. a generator finalised after its end.
            work.close()
            if slot is None:
                shard.open_failed()
            else:
                _abort(slot)
                shard.gone(slot)

    # --- owners ------------------------------------------------------------------------------------------------------

    def _here(self) -> Shard:
        pid = process.current
        key = self.world.key()
        shard = self._latest
        # The same loop, as a rule: comparing two takes longer than looking whether they are one.
        if shard is None or (shard.key is not key and shard.key != key) or shard.pid != pid:
            shard = self._latest = self._shards.get((pid, key)) or self._found(pid, key)
        return shard

    def _found(self, pid: int, key: Any) -> Shard:
        for owner, old in [*self._shards.items()]:
            if owner[0] == pid and self.world.ended(old.key):
                self._shards.pop(owner, None)
                _drop(old)
        if not self._closed:
            self.source.opened(self)
        shard = self._shards.setdefault((pid, key), Shard(pid, key, self.limits))
        if self._closed:
            shard.close()
        return shard

    def _own_shards(self) -> list[Shard]:
        pid = process.current
        return [shard for (owner, _), shard in [*self._shards.items()] if owner == pid]


def _finite(seconds: float) -> float | None:
    return None if math.isinf(seconds) else max(0.0, seconds)


def _drop(shard: Shard) -> None:
    for slot in shard.everything():
        _abort(slot)


def _abort(slot: Slot) -> None:
    with suppress(Exception):  # its loop has ended: nobody is left to be told
        slot.wire.abort()
