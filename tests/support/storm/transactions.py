"""Transactions: that end well, that are undone, and that are left in every state."""

from __future__ import annotations

import asyncio

from ferrow.errors import CommitUnknown, PoolTimeout, QueryTimeout
from tests.support.storm.ledger import TEXTS, Ledger


class Undo(Exception):
    """Leaves a transaction on purpose."""


async def transact(of: Ledger) -> None:
    tag = of.unit()
    async with of.engine.transaction():
        await of.write(tag, 1)
        await of.ask()
        await of.write(tag, 2)
    of.keep(tag)


async def empty(of: Ledger) -> None:
    async with of.engine.transaction():
        pass


async def undo(of: Ledger) -> None:
    tag = of.lost()
    try:
        async with of.engine.transaction():
            await of.write(tag, 1)
            raise Undo
    except Undo:
        pass


async def nested(of: Ledger) -> None:
    tag, lost = of.unit(), of.lost()
    async with of.engine.transaction():
        await of.write(tag, 1)
        try:
            async with of.engine.transaction():
                await of.write(lost, 1)
                await of.ask("slow")
                raise Undo
        except Undo:
            pass
        await of.write(tag, 2)
    of.keep(tag)


async def beside(of: Ledger) -> None:
    """Savepoints of several tasks take turns."""
    tag = of.unit(3)

    async def inside(part: int) -> None:
        async with of.engine.transaction():
            await of.write(tag, part)
            await of.ask()

    async with of.engine.transaction(), asyncio.TaskGroup() as group:
        for part in range(3):
            group.create_task(inside(part))
    of.keep(tag)


async def shielded(of: Ledger) -> None:
    """A savepoint is left by its own deadline, and the transaction goes on."""
    tag, lost = of.unit(), of.lost()
    async with of.engine.transaction():
        await of.write(tag, 1)
        try:
            async with asyncio.timeout(0.002), of.engine.transaction():
                await of.write(lost, 1)
                while True:
                    await of.ask("slow")
        except TimeoutError:
            pass
        await of.ask()
        await of.write(tag, 2)
    of.keep(tag)


async def by_hand(of: Ledger) -> None:
    """`begin`, then `commit` or `rollback`: nothing but the end of the block tidies up."""
    async with of.engine.connection() as conn:
        keep = of.chance.random() < 0.5
        tag = of.unit() if keep else of.lost()
        tx = await conn.begin()
        await of.write(tag, 1, tx)
        await of.ask("slow" if of.chance.random() < 0.3 else "echo", tx)
        await of.write(tag, 2, tx)
        await (tx.commit() if keep else tx.rollback())
    if keep:
        of.keep(tag)


async def cursor(of: Ledger) -> None:
    """PEP 249: the first statement begins a transaction."""
    tag = of.unit()
    async with of.engine.connection() as conn:
        cursor = conn.cursor()
        await cursor.execute("INSERT INTO tags (tag, part) VALUES (%s, 1)", (tag,))
        await cursor.execute("INSERT INTO tags (tag, part) VALUES (%s, 2)", (tag,))
        await conn.commit()
    of.keep(tag)


async def late_inside(of: Ledger) -> None:
    """A statement in a transaction that is out of time takes the transaction along."""
    tag = of.unit()
    try:
        async with of.engine.transaction() as tx:
            await of.write(tag, 1)
            number = of.tag()
            row = await tx.query_one(TEXTS["slow"][0], [number], timeout=of.chance.uniform(0.001, 0.012))
            of.expect(row[0], number, "late_inside")
            await of.write(tag, 2)
    except QueryTimeout:
        of.figures["timed out"] += 1
        of.undone.add(tag)
    else:
        of.keep(tag)


async def late_commit(of: Ledger) -> None:
    """A COMMIT that is out of time may have happened."""
    tag = of.unit()
    try:
        async with of.engine.connection() as conn:
            tx = await conn.begin(timeout=of.chance.uniform(0.0005, 0.01))
            await of.write(tag, 1, tx)
            await of.write(tag, 2, tx)
            await tx.commit(timeout=of.chance.uniform(0.0002, 0.005))
    except CommitUnknown:
        of.figures["unknown"] += 1
    except (QueryTimeout, PoolTimeout):
        of.figures["timed out"] += 1
        of.undone.add(tag)
    else:
        of.keep(tag)


TRANSACTIONS = [
    transact, transact, empty, undo, nested, beside, shielded, by_hand, by_hand, cursor, late_inside, late_commit,
]  # fmt: skip
