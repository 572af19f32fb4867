"""Work of every shape over one connection that all tasks share."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any

from ferrow.errors import InterfaceError
from tests.support.storm.bulk import NUMBERS
from tests.support.storm.ledger import INSERT, TUPLES, Ledger
from tests.support.storm.single import echo, many, rows, rows_in_pieces, slow, wide

Shape = Callable[[Ledger], Coroutine[Any, Any, None]]


async def insert(of: Ledger) -> None:
    tag = of.unit(1)
    await of.write(tag, 0)
    of.keep(tag)


async def rows_as_arrays(of: Ledger) -> None:
    tag = of.unit(200)
    await of.engine.run_many(INSERT, [(tag, part) for part in range(200)], TUPLES)
    of.keep(tag)


async def copy_in(of: Ledger) -> None:
    tag = of.unit(1000)
    rows = ((tag, n, "x" * 50) for n in range(1000))
    of.expect(await of.engine.copy_in("tags", rows), 1000, "copy_in")
    of.keep(tag)


async def copy_text(of: Ledger) -> None:
    tag = of.unit(1000)
    text = (f"{tag}\t{n}\tx\n" for n in range(1000))
    of.expect(await of.engine.copy_in("tags", text, format="text"), 1000, "copy_text")
    of.keep(tag)


async def copy_out(of: Ledger) -> None:
    sql = "SELECT n, repeat('y', 200) FROM generate_series(1, 1000) n"
    of.expect([row[0] async for row in of.engine.copy_out(sql=sql)], [*range(1, 1001)], "copy_out")


async def copy_out_left(of: Ledger) -> None:
    async with of.engine.copy_out(sql=NUMBERS.format(3000)) as out:
        of.expect((await out.fetch())[0], (1,), "copy_out_left")


async def stream(of: Ledger) -> None:
    seen = [row[0] async for row in of.engine.stream(NUMBERS.format(300), chunk=of.chance.choice([7, 100, 5000]))]
    of.expect(seen, [*range(1, 301)], "stream")


async def fetch(of: Ledger) -> None:
    async with of.engine.stream(NUMBERS.format(200), chunk=10) as rows:
        for start in range(0, 60, 20):
            found = [row[0] for row in await rows.fetch(20)]
            of.expect(found, [*range(start + 1, start + 21)], "fetch")


def beside_streams(shape: Shape) -> Shape:
    """What a stream of another task refuses is no failure."""

    @wraps(shape)
    async def refused(of: Ledger) -> None:
        try:
            await shape(of)
        except InterfaceError as error:
            if "a stream is open on this connection" not in str(error):
                raise
            of.figures["refused"] += 1

    return refused


SHAPES = [
    beside_streams(shape)
    for shape in [
        echo, slow, many, wide, rows, rows_in_pieces, rows_as_arrays, insert, copy_in, copy_text, copy_out, copy_out_left,
    ] * 2 + [stream, fetch]
]  # fmt: skip
