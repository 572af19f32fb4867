"""Garbage collection: a stream or a COPY frees its connection, a connection ends its session."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from ferrow import driver
from tests.support import maybe
from tests.support.deadlines import eventually

NUMBERS = "SELECT i FROM generate_series(1, 100000) AS i"
SESSIONS = "SELECT count(*) FROM pg_stat_activity WHERE application_name = $1"

PIECES: dict[str, Callable[[Any], Any]] = {
    "stream": lambda conn: conn.stream("SELECT 1 AS i UNION ALL SELECT 2", chunk=1),
    "copy": lambda conn: conn.copy_out(sql=NUMBERS),
}


async def test_a_stream_between_two_pieces(conn: Any) -> None:
    stream = PIECES["stream"](conn)
    assert len(await maybe(stream.fetch(1))) == 1
    del stream
    assert (await maybe(conn.query_one("SELECT 42")))[0] == 42


@pytest.mark.postgresql
async def test_a_copy_between_two_pieces(pg: Any) -> None:
    copy = PIECES["copy"](pg)
    assert (await maybe(copy.fetch(1)))[0] == (1,)
    del copy
    assert (await maybe(pg.query_one("SELECT 42")))[0] == 42


@pytest.mark.postgresql
@pytest.mark.parametrize("what", PIECES)
async def test_inside_a_transaction(pg: Any, what: str) -> None:
    tx = await maybe(pg.begin())
    pieces = PIECES[what](tx)
    await maybe(pieces.fetch(1))
    del pieces
    assert (await maybe(tx.query_one("SELECT 42")))[0] == 42
    await maybe(tx.commit())


@pytest.mark.postgresql
async def test_what_a_dropped_stream_did_is_undone(pg: Any) -> None:
    await maybe(pg.script("CREATE TABLE t (i int)"))
    stream = pg.stream("INSERT INTO t SELECT generate_series(1, 9) RETURNING i", chunk=2)
    await maybe(stream.fetch(1))
    del stream
    assert (await maybe(pg.query_one("SELECT count(*) FROM t")))[0] == 0


@pytest.mark.postgresql
async def test_it_may_outlive_its_connection(postgresql_url: str, colour: str, recwarn: Any) -> None:
    conn = await driver.connect_async(postgresql_url) if colour == "async" else driver.connect(postgresql_url)
    stream = PIECES["stream"](conn)
    await maybe(stream.fetch(1))
    await maybe(conn.close())
    del stream, conn
    await collected(colour)
    assert not recwarn.list


async def collected(colour: str) -> None:
    gc.collect()
    if colour == "async":
        await asyncio.sleep(0)  # a transport closes its socket one turn later


def drop(held: list[Any]) -> None:
    held.clear()
    gc.collect()


async def ends(watcher: driver.Connection, name: str, colour: str) -> None:
    await eventually(colour, lambda: not watcher.query_one(SESSIONS, [name])[0])


@pytest.mark.postgresql
async def test_a_connection_is_ended_with_a_warning(postgresql_url: str, colour: str) -> None:
    options = {"application_name": f"dropped {colour}"}
    with driver.connect(postgresql_url) as watcher:
        if colour == "async":
            conn: Any = await driver.connect_async(postgresql_url, **options)
        else:
            conn = driver.connect(postgresql_url, **options)
        await maybe(conn.query("SELECT 1"))
        assert watcher.query_one(SESSIONS, list(options.values()))[0] == 1
        held = [conn]
        del conn
        with pytest.warns(ResourceWarning, match=r"unclosed connection postgresql://.* or call close\(\)") as warned:
            drop(held)
        assert ":****@" in str(warned[0].message)
        await ends(watcher, options["application_name"], colour)


@pytest.mark.postgresql
async def test_by_a_thread_that_collects_it(postgresql_url: str, colour: str) -> None:
    """A transport may only be used in its loop's thread."""
    name = "dropped elsewhere"
    with driver.connect(postgresql_url) as watcher:
        if colour == "async":
            held: list[Any] = [await driver.connect_async(postgresql_url, application_name=name)]
        else:
            held = [driver.connect(postgresql_url, application_name=name)]
        with ThreadPoolExecutor(1) as elsewhere, pytest.warns(ResourceWarning, match="unclosed connection"):
            elsewhere.submit(drop, held).result()
        await ends(watcher, name, colour)


@pytest.mark.postgresql
async def test_a_closed_or_lost_one_is_no_matter(postgresql_url: str, colour: str, recwarn: Any) -> None:
    for lost in (False, True):
        conn = await driver.connect_async(postgresql_url) if colour == "async" else driver.connect(postgresql_url)
        if lost:
            with pytest.raises(driver.OperationalError):
                await maybe(conn.query("SELECT pg_terminate_backend(pg_backend_pid())"))
        await maybe(conn.close())
        del conn
    await collected(colour)
    assert not recwarn.list


@pytest.mark.postgresql
@pytest.mark.only(colour="sync")
@pytest.mark.parametrize("lost", [False, True])
async def test_in_a_cycle_only_the_connection_warns(postgresql_url: str, colour: str, recwarn: Any, lost: bool) -> None:
    """The collector may come to the socket first, which knows of no loss and no name."""
    del colour
    conn = driver.connect(postgresql_url)
    if lost:
        with pytest.raises(driver.OperationalError):
            conn.query("SELECT pg_terminate_backend(pg_backend_pid())")
    cycle: list[Any] = [conn]
    cycle.append(cycle)
    del conn, cycle
    gc.collect()
    assert [str(each.message)[:22] for each in recwarn.list] == ([] if lost else ["unclosed connection po"])
