"""What is too long or too many for a message is refused before a byte of it is sent, and the connection stays."""

from __future__ import annotations

import asyncio
import mmap

import pytest

from ferrow import driver
from ferrow.errors import DatabaseError, NotSupportedError, ProgrammingError
from tests.support import maybe
from tests.support.effort import EFFORT
from tests.support.reaching import connected

MANY = 65_535
LONGEST = 0x3FFF_FFFE  # bytes; a server hangs up on a longer message

heavy = pytest.mark.skipif(EFFORT == 1, reason="takes gigabytes: make campaign")


def among(count: int) -> str:
    return f"SELECT 0 IN ({', '.join(f'${number}' for number in range(1, count + 1))})"


async def test_so_many_parameters_and_no_more(postgresql_url: str, colour: str) -> None:
    conn = await connected(postgresql_url, colour)
    assert (await maybe(conn.query_one(among(MANY), list(range(MANY)))))[0] is True
    for surplus in (1, 2, 10_000):
        before = conn.wire.requests
        with pytest.raises(ProgrammingError, match="at most 65535"):
            await maybe(conn.query(among(MANY + surplus), list(range(MANY + surplus))))
        with pytest.raises(ProgrammingError, match="at most 65535"):
            await maybe(conn.run_many(among(MANY + surplus), [range(MANY + surplus)], driver.Shape.tuples()))
        assert conn.wire.requests == before + 2
        # The server does prepare such a statement, and counts its parameters modulo 65,536.
        with pytest.raises(DatabaseError, match=f"has {MANY + surplus} placeholders"):
            await maybe(conn.query(among(MANY + surplus), [1]))
        assert (await maybe(conn.query_one("SELECT 5")))[0] == 5
    await maybe(conn.close())


@pytest.mark.alone  # several would not fit into memory together
@heavy
@pytest.mark.parametrize("size", [LONGEST + 1, 2**31])
def test_a_value_that_is_too_long(postgresql_url: str, size: int) -> None:
    with mmap.mmap(-1, size) as page, driver.connect(postgresql_url) as conn, memoryview(page) as view:
        with pytest.raises(NotSupportedError, match="does not fit into one message"):
            conn.query("SELECT $1::bytea IS NULL", [view])
        assert conn.query_one("SELECT 5")[0] == 5


@pytest.mark.alone  # several would not fit into memory together
@heavy
def test_a_statement_that_is_too_long(postgresql_url: str) -> None:
    with driver.connect(postgresql_url) as conn:
        for call in (conn.query, conn.script):
            with pytest.raises(ProgrammingError, match="does not fit into one message"):
                call("SELECT 1" + " " * LONGEST)
        assert conn.query_one("SELECT 5")[0] == 5


@pytest.mark.alone  # several would not fit into memory together
@heavy
def test_values_that_are_too_long_together(postgresql_url: str) -> None:
    value = bytes(400_000_000)

    async def main() -> None:
        async with await driver.connect_async(postgresql_url) as conn:
            with pytest.raises(NotSupportedError, match="does not fit into one message"):
                await conn.query("SELECT $1::bytea, $2::bytea, $3::bytea", [value] * 3)
            assert (await conn.query_one("SELECT 5"))[0] == 5

    asyncio.run(main())
