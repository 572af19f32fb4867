"""Who reads slowly slows the server down, and a slow server the producer: of 60 MB what the sockets hold is on its way, and no more."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.support import entered, items, maybe
from tests.support.deadlines import connected

pytestmark = pytest.mark.postgresql

ROW = 10_000
ROWS = 6_000
HELD = 24_000_000 // ROW
"""Rows that the buffers of two sockets may hold (on Linux up to 6 MB for reading and 4 MB for writing), twice over."""


@pytest.fixture
def thread() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


async def until(colour: str, true: Callable[[], Awaitable[bool]], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not await true():
        assert time.monotonic() < end, "it never became true"
        if colour == "async":
            await asyncio.sleep(0.01)
        else:
            time.sleep(0.01)


async def waits_for(observer: Any, pid: int, event: str) -> bool:
    """Whether that is what the server process waits for."""
    found = await maybe(observer.query("SELECT wait_event FROM pg_stat_activity WHERE pid = $1", [pid]))
    return [row[0] for row in found] == [event]


async def standing(colour: str, count: Callable[[], Awaitable[int]]) -> int:
    """The number at which it stands still."""
    last, looks = -1, 0

    async def stands() -> bool:
        nonlocal last, looks
        now = await count()
        last, looks = now, looks + 1 if now == last else 0
        return looks == 20

    await until(colour, stands)
    return last


@pytest.mark.parametrize("format", ["binary", "csv"])
async def test_the_server_makes_no_more_rows_than_are_read(
    pg: Any, colour: str, postgresql_url: str, format: str
) -> None:
    await maybe(pg.script("CREATE SEQUENCE made"))
    sql = f"SELECT nextval('made'), repeat('x', {ROW}) FROM generate_series(1, {ROWS})"
    async with connected(colour, postgresql_url) as observer:
        async with entered(pg.copy_out(sql=sql, format=format)) as out:
            first = await maybe(out.fetch())
            await until(colour, lambda: waits_for(observer, pg.backend_pid, "ClientWrite"))

            async def made() -> int:
                return int((await maybe(observer.query_one("SELECT last_value FROM made")))[0])

            assert 1 <= await standing(colour, made) < HELD
            if format == "binary":
                rest = await items(out)
                assert [row[0] for row in [*first, *rest]] == [*range(1, ROWS + 1)]
        assert format == "csv" or out.rowcount == ROWS


@pytest.mark.parametrize("kind", ["rows", "text"])
async def test_no_more_is_produced_than_the_server_takes(
    pg: Any, colour: str, postgresql_url: str, thread: ThreadPoolExecutor, kind: str
) -> None:
    await maybe(
        pg.script(
            "CREATE TABLE taken (n int, x text);"
            "CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS "
            "$$BEGIN PERFORM pg_advisory_xact_lock_shared(18); RETURN new; END$$;"
            "CREATE TRIGGER wait BEFORE INSERT ON taken FOR EACH ROW EXECUTE FUNCTION wait()"
        )
    )
    produced = 0

    def rows() -> Iterator[Any]:
        nonlocal produced
        for n in range(ROWS):
            produced += 1
            yield (n, "x" * ROW) if kind == "rows" else f"{n}\t{'x' * ROW}\n"

    def copy() -> Any:
        return pg.copy_in("taken", rows(), format="binary" if kind == "rows" else "text")

    async def count() -> int:
        return produced

    async with connected(colour, postgresql_url) as observer:
        await maybe(observer.query("SELECT pg_advisory_lock(18)"))
        copying = asyncio.ensure_future(copy()) if colour == "async" else thread.submit(copy)
        try:
            await until(colour, lambda: waits_for(observer, pg.backend_pid, "advisory"))
            assert 1 <= await standing(colour, count) < HELD
        finally:
            await maybe(observer.query("SELECT pg_advisory_unlock(18)"))
        assert (await copying if isinstance(copying, asyncio.Future) else copying.result(60)) == ROWS
