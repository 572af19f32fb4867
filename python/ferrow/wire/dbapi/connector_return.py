"""Connections that come back to a `PoolConnector`: made fit to be lent again, or closed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ferrow.wire.dbapi import connector_end as end
from ferrow.wire.dbapi.connector_reset import closed, dirty, maybe, reset
from ferrow.wire.drive import drive

if TYPE_CHECKING:
    from ferrow.wire.dbapi.connector_life import Life
    from ferrow.wire.dbapi.connector_queue import Member, Queue


class Returning:
    """A part of `PoolConnector`."""

    if TYPE_CHECKING:
        _guard: str
        _hook: Callable[[Any], Any] | None
        _life: Life
        _queue: Queue
        _resets: bool
        _strict: bool

    def drop(self, member: Member) -> None:
        """Take back a connection of which nobody knows what state it is in: it is closed when what runs on it has ended."""
        self._queue.lent(member.conn)
        self._queue.free()
        end.drop(member)

    async def _returned(self, member: Member, *, touched: bool) -> None:
        keep = False
        try:
            keep = await self._cleaned(member, touched)
        finally:
            if not keep:
                try:
                    await end.close(member)
                finally:
                    self._queue.free()
        if keep and not self._queue.offer(member):
            await end.close(member)

    async def _cleaned(self, member: Member, touched: bool) -> bool:
        """Make a connection fit to be lent again; False: it is to be closed."""
        if self._queue.closed or closed(member.conn):
            return False
        member.since = self._life.now()
        try:
            left = await dirty(member.conn)
            keep = await self._mended(member, left, touched)
        except Exception as error:
            raise RuntimeError("Failed to clean pooled DB connection before returning it.") from error
        if left and self._guard == "raise":
            raise RuntimeError(
                "a connection came back to its pool with a transaction open, and is closed: commit or roll back before releasing it"
            )
        return keep

    async def _mended(self, member: Member, left: bool, touched: bool) -> bool:
        """Do what the guard says about a transaction that was `left` open, and put the session back."""
        if left and self._guard in ("rollback", "discard"):
            await maybe(member.conn.rollback())
        if left and (self._strict or self._guard == "discard"):
            return False
        if self._life.old(member):
            return False
        if left and self._guard in ("ignore", "raise"):
            return True
        if self._resets and (touched or self._hook is not None):
            if self._hook is None:
                member.extra = None  # what was set up in the session is gone
            await reset(member.conn, self._hook, member.autocommit)
        return True

    def _ended(self, member: Member) -> None:
        """Close a connection that was just taken; its place is still counted."""
        drive(self._ended_async(member))

    async def _ended_async(self, member: Member) -> None:
        self._queue.lent(member.conn)
        try:
            await end.close(member)
        except Exception:  # it is dead, or old: whatever it says now is of no use to anybody
            pass
        except BaseException:
            self._queue.free()
            raise
