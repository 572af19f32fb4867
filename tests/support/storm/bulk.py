"""Streams and COPY, in and out of transactions."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

from tests.support.storm.ledger import Ledger

NUMBERS = "SELECT n FROM generate_series(1, {}) n"


async def stream(of: Ledger) -> None:
    async with of.engine.connection() as conn:
        seen = [row[0] async for row in conn.stream(NUMBERS.format(300), chunk=of.chance.choice([7, 100, 5000]))]
        of.expect(seen, [*range(1, 301)], "stream")


async def stream_inside(of: Ledger) -> None:
    """Other statements run between the pieces."""
    async with of.engine.transaction() as tx, tx.stream(NUMBERS.format(30), chunk=5) as rows:
        async for row in rows:
            of.expect((await tx.query_one("SELECT $1 + 0", [row[0]]))[0], row[0], "stream_inside")


async def fetch(of: Ledger) -> None:
    """A stream that is not read to its end."""
    async with of.engine.connection() as conn, conn.stream(NUMBERS.format(200), chunk=10) as rows:
        for start in range(0, 60, 20):
            found = [row[0] for row in await rows.fetch(20)]
            of.expect(found, [*range(start + 1, start + 21)], "fetch")


async def copy_in(of: Ledger) -> None:
    tag = of.unit(1000)
    async with of.engine.connection() as conn:
        of.expect(await conn.copy_in("tags", _parts(tag)), 1000, "copy_in")
    of.keep(tag)


async def copy_in_later(of: Ledger) -> None:
    """Its rows come one by one, with other things to do in between."""
    tag = of.unit(200)

    async def later() -> AsyncIterator[Any]:
        for n, row in enumerate(_parts(tag, 200)):
            if n % 40 == 0:
                await of.ask()
            yield row

    async with of.few, of.engine.connection() as conn:
        of.expect(await conn.copy_in("tags", later()), 200, "copy_in_later")
    of.keep(tag)


async def copy_text(of: Ledger) -> None:
    tag = of.unit(1000)
    async with of.engine.transaction() as tx:
        text = (f"{tag}\t{n}\t{note}\n" for tag, n, note in _parts(tag))
        of.expect(await tx.copy_in("tags", text, format="text"), 1000, "copy_text")
    of.keep(tag)


async def copy_out(of: Ledger) -> None:
    async with of.engine.connection() as conn:
        sql = "SELECT n, repeat('y', 200) FROM generate_series(1, 1000) n"
        of.expect([row[0] async for row in conn.copy_out(sql=sql)], [*range(1, 1001)], "copy_out")


async def copy_out_left(of: Ledger) -> None:
    """One that is not read to its end."""
    async with of.engine.transaction() as tx, tx.copy_out(sql=NUMBERS.format(3000)) as out:
        of.expect((await out.fetch())[0], (1,), "copy_out_left")


def _parts(tag: int, count: int = 1000) -> Iterator[tuple[int, int, str]]:
    return ((tag, n, "x" * 50) for n in range(count))


BULK = [stream, stream_inside, fetch, copy_in, copy_in_later, copy_text, copy_out, copy_out_left]
