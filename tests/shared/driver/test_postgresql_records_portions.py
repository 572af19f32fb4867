"""Rows whose records need something looked up or asked first are worked at in portions: the event loop turns between them."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from itertools import groupby
from typing import Any

import pytest

from ferrow._core import PgSession
from ferrow.errors import ConnectionLost
from ferrow.wire.aio.protocol import Protocol
from tests.support import maybe
from tests.support.deadlines import eventually
from tests.support.listening import other

pytestmark = [pytest.mark.postgresql, pytest.mark.only(colour="async")]

PORTION = 64
"""Rows between two looks at the clock."""
LONG = 0.0002
"""Seconds that the reading of one value takes: those of a portion are longer than a turn may be."""
ROWS = 10 * PORTION
MANY = 16_384
"""Rows that are worth a look at who waits for them."""

RECORDS = {"money": "n::money", "mood": "CASE n % 2 WHEN 0 THEN 'even'::mood ELSE 'odd' END"}
"""What is asked for and what is looked up."""


class Turns:
    """Which turn of the loop it is."""

    def __init__(self) -> None:
        self.count = 0
        self._go_on()

    def _go_on(self) -> None:
        self.count += 1
        self._next = asyncio.get_running_loop().call_soon(self._go_on)

    def stop(self) -> None:
        self._next.cancel()


async def slowly(pg: Any, kind: str) -> tuple[Turns, list[int], asyncio.Event]:
    """Values of a type take their time; in which turns they were read, and that those of the first portion were."""
    await maybe(pg.script("CREATE TYPE mood AS ENUM ('odd', 'even')"))
    turns, begun = Turns(), asyncio.Event()
    seen: list[int] = []

    def decode(value: str) -> str:
        time.sleep(LONG)
        seen.append(turns.count)
        if len(seen) == PORTION:
            begun.set()
        return value

    pg.set_codec(kind, decode=decode, format="value")
    return turns, seen, begun


def select(kind: str, rows: int = ROWS) -> str:
    return f"SELECT n, ROW({RECORDS[kind]}) FROM generate_series(1, {rows}) n"


def expected(kind: str) -> list[tuple[int, tuple[str]]]:
    words = ["even", "odd"]
    return [(n, (f"${n}.00" if kind == "money" else words[n % 2],)) for n in range(1, ROWS + 1)]


@pytest.mark.parametrize("kind", RECORDS)
async def test_they_are_decoded_in_portions(pg: Any, kind: str) -> None:
    turns, seen, _ = await slowly(pg, kind)
    rows = await pg.query(select(kind))
    turns.stop()
    assert rows == expected(kind)
    assert len(seen) == ROWS
    assert max(Counter(seen).values()) <= PORTION


@pytest.mark.parametrize("kind", RECORDS)
async def test_a_connection_that_is_lost_then_has_brought_all_of_them(pg: Any, kind: str) -> None:
    turns, seen, begun = await slowly(pg, kind)
    task = asyncio.create_task(pg.query(select(kind)))
    await begun.wait()
    assert len(seen) < ROWS
    pg.wire._transport.abort()
    turns.stop()
    assert await task == expected(kind)
    assert pg.is_closed()


@pytest.mark.parametrize("kind", RECORDS)
async def test_who_leaves_then_leaves_a_connection_in_order(pg: Any, kind: str) -> None:
    turns, _, begun = await slowly(pg, kind)
    task = asyncio.create_task(pg.query(select(kind)))
    behind = asyncio.create_task(pg.query_one("SELECT 'behind'"))
    await begun.wait()
    assert not behind.done()
    task.cancel()
    assert await behind == ("behind",)
    with pytest.raises(asyncio.CancelledError):
        await task
    turns.stop()
    assert await pg.query(select(kind)) == expected(kind)


@pytest.mark.parametrize("kind", RECORDS)
async def test_who_leaves_then_has_the_others_decoded_for_nobody(pg: Any, kind: str) -> None:
    turns, seen, begun = await slowly(pg, kind)
    task = asyncio.create_task(pg.query(select(kind, MANY)))
    await begun.wait()
    task.cancel()
    assert await pg.query_one("SELECT 'behind'") == ("behind",)
    turns.stop()
    assert len(seen) < MANY


async def test_what_a_closed_connection_gives_up_is_freed_in_portions(pg: Any) -> None:
    turns, begun = Turns(), asyncio.Event()
    freed: list[int] = []
    read = 0

    class Value:
        def __del__(self) -> None:
            freed.append(turns.count)

    def decode(value: str) -> Value:
        nonlocal read
        read += 1
        if read > 2 * MANY:
            begun.set()
            time.sleep(LONG)
        return Value()

    pg.set_codec("money", decode=decode, format="value")
    task = asyncio.create_task(pg.query(select("money", 3 * MANY)))
    await begun.wait()
    await pg.close()
    with pytest.raises(ConnectionLost, match="Connection is closed"):
        await task
    await eventually("async", lambda: len(freed) == read)
    turns.stop()
    assert max(Counter(freed).values()) <= MANY


async def test_those_that_nobody_waits_for_are_freed_in_portions(
    postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As they came from the server: none of them has been decoded."""
    freed = 0

    def go_on(self: Protocol) -> None:
        nonlocal freed
        freed += 1
        PgSession.go_on(self)  # type: ignore[attr-defined]

    monkeypatch.setattr(Protocol, "go_on", go_on, raising=False)
    conn = await other(postgresql_url, "async")
    turns, _, begun = await slowly(conn, "money")
    task = asyncio.create_task(conn.query(select("money", 20 * MANY)))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    freed = 0
    await eventually("async", lambda: freed >= 19)
    turns.stop()
    assert await conn.query_one("SELECT 'behind'") == ("behind",)
    await conn.close()


async def test_they_are_looked_at_in_portions(postgresql_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the server is asked, which is done once the last of them is here."""
    marks: list[str] = []

    def buffer_updated(self: Protocol, nbytes: int) -> None:
        marks.append("read")
        PgSession.buffer_updated(self, nbytes)

    def go_on(self: Protocol) -> None:
        marks.append("turn")
        PgSession.go_on(self)  # type: ignore[attr-defined]

    monkeypatch.setattr(Protocol, "buffer_updated", buffer_updated)
    monkeypatch.setattr(Protocol, "go_on", go_on, raising=False)
    conn = await other(postgresql_url, "async")
    before: list[str] = []
    conn.set_codec("money", decode=lambda text: before or before.extend(marks) or text)
    record = ", ".join(["m"] * 20)
    rows = await conn.query(f"SELECT ROW({record}) FROM generate_series(1, 50000), (SELECT '1'::money) q (m)")
    assert len(rows) == 50_000
    runs = [len([*run]) for mark, run in groupby(before) if mark == "turn"]
    assert max(runs, default=0) >= 3, (
        runs
    )  # of a million values; in those between two reads nothing but rows is taken in
    await conn.close()
