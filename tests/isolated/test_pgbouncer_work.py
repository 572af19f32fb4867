"""What goes through PgBouncer besides plain statements: pipelines, cancellations, restarts, parameters, its other modes."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from ferrow import create_engine, driver
from ferrow.errors import ConnectionLost
from tests.isolated import test_cancellation
from tests.support import entered, maybe
from tests.support.deadlines import eventually
from tests.support.effort import times
from tests.support.listening import make
from tests.support.mixed_work import TABLES, Client, together
from tests.support.pooled_clients import SCARCE, bouncers, colour, connect, program, recognised, unnamed
from tests.support.proxy import proxy

__all__ = ["bouncers", "colour", "program"]

pytestmark = pytest.mark.postgresql


@pytest.mark.parametrize("prepared", ["auto", "unnamed"])
async def test_pipelines_and_transactions(colour: str, bouncers: Any, postgresql_url: str, prepared: str) -> None:
    """A BEGIN that rides with its statement keeps it with one server, and so do the executions that share a Sync."""
    bouncer = bouncers({"default_pool_size": "2"})
    with driver.connect(postgresql_url) as direct:
        direct.script("CREATE TABLE piped (a int PRIMARY KEY)")
    conns = [await recognised(colour, bouncer.url, prepared_statements=prepared) for _ in range(4)]

    async def work(number: int) -> None:
        conn = conns[number]
        for turn in range(10):
            base = (number * 10 + turn) * 1000
            async with entered(conn.pipeline()) as pipe:
                apart = [pipe.query_one("SELECT $1::int", [base + one]) for one in range(20)]
                async with entered(pipe.transaction()):
                    server = [pipe.query_one("SELECT pg_backend_pid()") for _ in range(20)]
                    for one in range(20):
                        pipe.execute("INSERT INTO piped VALUES ($1)", [base + one])
            assert [await maybe(one.result()) for one in apart] == [(base + one,) for one in range(20)]
            assert len({(await maybe(one.result()))[0] for one in server}) == 1
            async with entered(conn.transaction()) as tx:
                await maybe(tx.run_many("INSERT INTO piped VALUES ($1)", [[base + one] for one in range(20, 320)]))

    await together(colour, [lambda n=number: work(n) for number in range(4)])  # type: ignore[misc]
    with driver.connect(postgresql_url) as direct:
        assert direct.query_one("SELECT count(*) FROM piped") == (4 * 10 * 320,)
    for conn in conns:
        await maybe(conn.close())


async def test_statements_of_one_connection_in_a_row(bouncers: Any, postgresql_url: str) -> None:
    """Tasks that share a connection are pipelined; each request may get another server."""
    bouncer = bouncers(SCARCE)
    with driver.connect(postgresql_url) as direct:
        direct.script(TABLES)
    conns = [await driver.connect_async(bouncer.url) for _ in range(6)]

    async def reads(client: Client) -> None:
        for _ in range(30):
            await client.read()

    clients = [Client(conn, number, seed=2) for number, conn in enumerate(conns * 5)]
    await asyncio.gather(*(reads(client) for client in clients))
    assert sum(client.count for client in clients) == 900
    for conn in conns:
        await conn.close()


@pytest.mark.timeout(times(120))
async def test_random_cancellations(bouncers: Any, postgresql_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cancel requests go to the pooler, which passes them on to the server that has the statement."""
    monkeypatch.setattr(test_cancellation, "CANCELLATIONS", times(300))
    bouncer = bouncers(SCARCE)
    async with await create_engine(bouncer.url, max_size=test_cancellation.SIZE, acquire_timeout=20) as engine:
        await engine.script("CREATE TABLE tags (tag INTEGER, part INTEGER, PRIMARY KEY (tag, part))")
        run = test_cancellation.Storm(engine, 3)
        await run.blow()
        assert run.wrong == []
    with driver.connect(postgresql_url) as direct:
        open_still = (
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'"
        )
        await eventually("async", lambda: direct.query_one(open_still)[0] == 0)


async def test_a_cancelled_statement_stops_on_the_server(bouncers: Any, postgresql_url: str) -> None:
    bouncer = bouncers()
    conn = await driver.connect_async(bouncer.url)
    with driver.connect(postgresql_url) as direct:
        running = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(%' AND state = 'active'"
        task = asyncio.ensure_future(conn.query("SELECT pg_sleep(300)"))
        while direct.query_one(running)[0] == 0:  # noqa: ASYNC110 - nobody else knows
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (await conn.query_one("SELECT 5"))[0] == 5
        assert direct.query_one(running)[0] == 0
    await conn.close()


async def test_a_restarted_pooler(colour: str, bouncers: Any, postgresql_url: str) -> None:
    """The engine connects again by itself; each connection that was idle then fails one statement at most."""
    bouncer = bouncers(SCARCE)
    with proxy(bouncer.url) as between:
        engine = create_engine(between.url, max_size=3)
        target = await engine if colour == "async" else engine
        for number in range(5):
            assert (await maybe(target.query_one("SELECT $1::int", [number])))[0] == number
        bouncer.stop()
        bouncer.start()
        between._server = ("127.0.0.1", bouncer.port)
        answers = []
        for number in range(20):
            with suppress(ConnectionLost):
                answers.append((await maybe(target.query_one("SELECT $1::int", [number])))[0])
        assert answers[-17:] == list(range(3, 20))
        await maybe(target.close())


async def test_an_engine_that_resets_its_connections(colour: str, bouncers: Any) -> None:
    """What the pool says to undo a borrower's settings takes nothing from the connection that it started with."""
    bouncer = bouncers(SCARCE)
    for _ in range(3):  # one key of 1,024 looks like that of a process
        engine = create_engine(bouncer.url, max_size=2, timezone="Asia/Tokyo", application_name="ledger")
        target = await engine if colour == "async" else engine
        async with entered(target.connection()) as conn:
            found = await unnamed(conn)
        if found:
            break
        await maybe(target.close())
    asked = "SELECT current_setting('TimeZone'), current_setting('application_name'), $1::text"
    for _ in range(5):
        for sql in ("SELECT set_config('work_mem', '5MB', true)", "SET LOCAL work_mem = '4MB'", "SET work_mem = '4MB'"):
            await maybe(target.run(sql))
            assert tuple(await maybe(target.query_one(asked, ["ä"]))) == ("Asia/Tokyo", "ledger", "ä")
    await maybe(target.close())


@pytest.mark.parametrize("option", [{"options": "-c work_mem=5MB"}, {"options": "-c search_path=public"}])
async def test_parameters_that_it_refuses(colour: str, bouncers: Any, program: Path, option: dict[str, str]) -> None:
    with pytest.raises(driver.OperationalError, match="ignore_startup_parameters"):
        await connect(colour, bouncers().url, **option)


async def test_parameters_that_it_keeps(colour: str, bouncers: Any) -> None:
    conn = await connect(colour, bouncers(SCARCE).url, application_name="ledger", timezone="Asia/Tokyo")
    try:
        for _ in range(3):
            row = await maybe(conn.query_one("SELECT current_setting('application_name'), current_setting('TimeZone')"))
            assert tuple(row) == ("ledger", "Asia/Tokyo")
    finally:
        await maybe(conn.close())


@pytest.mark.parametrize("mode", ["session", "statement"])
async def test_other_modes(colour: str, bouncers: Any, mode: str) -> None:
    bouncer = bouncers(mode=mode)
    conns = [await connect(colour, bouncer.url) for _ in range(4)]
    clients = [Client(conn, number, seed=4) for number, conn in enumerate(conns)]

    async def reads(client: Client) -> None:
        for _ in range(50):
            await client.read()

    await together(colour, [lambda c=client: reads(c) for client in clients])
    for conn in conns:
        await maybe(conn.close())


async def test_a_listener_is_warned_of_it(colour: str, bouncers: Any, caplog: pytest.LogCaptureFixture) -> None:
    """In transaction mode it would hear nothing, and not know it."""
    bouncer = bouncers()
    for _ in range(3):  # one key of 1,024 looks like that of a process
        listener = make(colour, bouncer.url, "jobs")
        await maybe(listener.open())
        await maybe(listener.close())
        warned = [record.name for record in caplog.records if "connection pooler" in record.getMessage()]
        if warned:
            break
    assert warned == ["ferrow.listener"]
