"""Connections: borrowed, of one's own, and of a pool that comes and goes."""

from __future__ import annotations

from ferrow.driver import AsyncConnection
from ferrow.engine import create_engine
from ferrow.errors import OperationalError, PoolTimeout
from tests.support.storm.ledger import Ledger

NAME = "ferrow_storm"
"""The `application_name` of every connection in a storm."""


async def borrow(of: Ledger) -> None:
    async with of.engine.connection() as conn:
        await of.ask("echo", conn)
        await of.ask("slow", conn)


async def acquire(of: Ledger) -> None:
    slot = await of.engine.pool.acquire()
    try:
        await of.ask("echo", slot.wire)
    finally:
        of.engine.pool.release(slot)


async def queue(of: Ledger) -> None:
    """Somebody who does not wait for long."""
    try:
        slot = await of.engine.pool.acquire(of.chance.uniform(0.0005, 0.01))
    except OperationalError as error:
        if not isinstance(error, PoolTimeout) and "no answer within" not in str(
            error
        ):  # of the server it was to connect to
            raise
        of.figures["timed out"] += 1
        return
    of.engine.pool.release(slot)


async def touch(of: Ledger) -> None:
    """The session is reset when it comes back."""
    async with of.engine.connection() as conn:
        await conn.execute("SET search_path = pg_catalog")
        await of.ask("echo", conn)


async def own(of: Ledger) -> None:
    """Connect, ask, close."""
    conn = AsyncConnection(of.url, application_name=NAME)
    try:
        await conn.open()
        await of.ask("echo", conn)
    finally:
        await conn.close()


async def own_pool(of: Ledger) -> None:
    async with await create_engine(of.url, max_size=2, application_name=NAME) as engine:
        await of.ask("echo", engine)
        async with engine.transaction():
            await of.ask("echo", engine)


CONNECTIONS = [borrow, acquire, queue, touch]
OWN = [own, own, own_pool]
