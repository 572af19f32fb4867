"""Single statements, and several at once."""

from __future__ import annotations

import asyncio

from ferrow.errors import OperationalError, PoolTimeout, QueryTimeout
from tests.support.storm.ledger import INSERT, TEXTS, TUPLES, Ledger


async def echo(of: Ledger) -> None:
    """Shared connections, once the text is known."""
    await asyncio.gather(*(of.ask() for _ in range(3)))


async def slow(of: Ledger) -> None:
    await of.ask("slow")


async def many(of: Ledger) -> None:
    await of.ask("many")


async def wide(of: Ledger) -> None:
    await of.ask("wide")


async def rows(of: Ledger) -> None:
    """Few rows of parameters: sent at once."""
    tag = of.unit(3)
    await of.engine.run_many(INSERT, [(tag, part) for part in range(3)], TUPLES)
    of.keep(tag)


async def rows_in_pieces(of: Ledger) -> None:
    """Many: the server works on the first while the others are encoded."""
    tag = of.unit(400)
    sql = "INSERT INTO tags (tag, part, note) VALUES ($1, $2, $3)"
    await of.engine.run_many(sql, ((tag, part, "x" * 1000) for part in range(400)), TUPLES)
    of.keep(tag)


async def batch(of: Ledger) -> None:
    tag = of.unit()
    async with of.engine.connection() as conn:
        sql = f"INSERT INTO tags (tag, part) VALUES ({tag}, %d)"
        of.expect(await conn.execute_batch([sql % 1, "SELECT pg_sleep(0.001)", sql % 2]), [1, 1, 1], "batch")
    of.keep(tag)


async def script(of: Ledger) -> None:
    tag = of.unit()
    sql = f"INSERT INTO tags (tag, part) VALUES ({tag}, %d)"
    await of.engine.script(f"{sql % 1}; SELECT pg_sleep(0.001); {sql % 2}")
    of.keep(tag)


async def prepare(of: Ledger) -> None:
    """A text that was never seen before."""
    number = of.tag()
    async with of.engine.connection() as conn:
        sql = f"SELECT $1::int + {number}"
        await conn.prepare(sql)
        tag = of.tag()
        of.expect((await conn.query_one(sql, [tag]))[0], tag + number, "prepare")


async def impatient(of: Ledger) -> None:
    """`timeout=` is another way of leaving."""
    tag = of.tag()
    seconds = of.chance.uniform(0.0005, 0.008)
    try:
        found = await of.engine.query(TEXTS[of.chance.choice(["echo", "slow"])][0], [tag], timeout=seconds)
    except OperationalError as error:
        _too_late(of, error)
    else:
        of.expect([row[0] for row in found], [tag], "impatient")


async def impatient_write(of: Ledger) -> None:
    tag = of.unit(3)
    try:
        await of.engine.run_many(
            INSERT, [(tag, part) for part in range(3)], TUPLES, timeout=of.chance.uniform(0.0005, 0.008)
        )
    except OperationalError as error:
        _too_late(of, error)
    else:
        of.keep(tag)


def _too_late(of: Ledger, error: OperationalError) -> None:
    """Count it, if time was what it lacked; also for connecting, when the pool had to."""
    if not isinstance(error, (QueryTimeout, PoolTimeout)) and "no answer within" not in str(error):
        raise error
    of.figures["timed out"] += 1


SINGLE = [echo, echo, slow, many, wide, rows, rows_in_pieces, batch, script, prepare, impatient, impatient_write]
