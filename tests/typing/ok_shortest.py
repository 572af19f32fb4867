"""The least that a program says to have a row, in both call styles. tests/isolated/packaged/test_compared.py runs it."""

from ferrow.driver import connect, connect_async


def plain(url: str) -> object:
    with connect(url) as conn:
        row = conn.query_one("SELECT $1 AS name", ["Ada"])
    return row["name"]


async def awaited(url: str) -> object:
    async with await connect_async(url) as conn:
        row = await conn.query_one("SELECT $1 AS name", ["Ada"])
    return row["name"]
