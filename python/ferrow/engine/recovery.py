"""What happens to a connection that came back in the middle of something, or that may have died unnoticed."""

from __future__ import annotations

from collections.abc import Coroutine, Iterable
from typing import TYPE_CHECKING, Any

from ferrow.abc import Status
from ferrow.errors import Error

if TYPE_CHECKING:
    from ferrow.abc import Wire, World
    from ferrow.engine.slot import Slot

# What outlives a transaction, dialect by dialect, is put back without losing the statements the driver has prepared (which
# DISCARD ALL would drop). None: there is no such statement; a new connection is the reset.
_RESET: dict[str, str | None] = {
    "postgresql": (
        "CLOSE ALL; SET SESSION AUTHORIZATION DEFAULT; RESET ALL; SET client_encoding = 'UTF8'; UNLISTEN *; "
        "SELECT pg_catalog.pg_advisory_unlock_all(); DISCARD TEMP; DISCARD SEQUENCES; "
        # What was prepared in SQL; the driver prepares in the protocol.
        "DO $$DECLARE one text; BEGIN FOR one IN SELECT name FROM pg_catalog.pg_prepared_statements WHERE from_sql "
        "LOOP EXECUTE pg_catalog.format('DEALLOCATE %I', one); END LOOP; END$$"
    ),
    "sqlite": None,
    "mysql": None,
}

_PROMPT = 0.5  # seconds
_LEAST = 0.001  # seconds for what comes last


async def within(world: World, seconds: float, work: Coroutine[Any, Any, Any]) -> bool:
    """Whether `work` ended well within `seconds`. It goes on when it did not: abort what it waits for."""
    done = world.waiter()
    well = False

    async def run() -> None:
        nonlocal well
        try:
            await work
            well = True
        except Exception:  # the answer is the return value
            pass
        finally:
            done.set()

    world.spawn(run())
    return await done.wait(seconds) and well


async def recover(world: World, wire: Wire, seconds: float, *, reset: bool, afterwards: str = "") -> bool:
    """Cancel and drain what was left running, roll back, and reset the session if asked. False: not usable any more.

    `afterwards`: SQL that belongs to the end of the reset.
    """
    deadline = world.now() + seconds
    if not await wire.settle(seconds) or wire.closed:
        return False
    if wire.status is not Status.IDLE and not await _ran(wire, "ROLLBACK", deadline - world.now()):
        return False
    if reset:
        sql = _RESET[wire.dialect]
        if sql is None or not await _ran(wire, sql + afterwards, deadline - world.now()):
            return False
        if wire.news is not None:
            wire.news.reset()  # after UNLISTEN: what was said before it was for the last borrower
    return wire.clean


def can_reset(wire: Wire) -> bool:
    """Whether a session can be reset without a new connection."""
    return _RESET[wire.dialect] is not None


async def alive(wire: Wire, seconds: float) -> bool:
    """Whether the server answers within `seconds`."""
    return await _ran(wire, "SELECT 1", seconds) and wire.clean


async def _ran(wire: Wire, sql: str, seconds: float) -> bool:
    try:
        await wire.script(sql, max(seconds, _LEAST))
    except Error:  # the answer is the return value
        return False
    return True


def overdue(slots: Iterable[Slot], now: float) -> float:
    """When the last of those was given back on which a statement is still being cancelled after a time in which that should be done."""
    return max((slot.since for slot in slots if now - slot.since > _PROMPT and slot.wire.busy), default=float("-inf"))
