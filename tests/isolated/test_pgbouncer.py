"""Behind PgBouncer in transaction mode, with what both sides do unless they are told otherwise."""

from __future__ import annotations

import asyncio
import re
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from ferrow import create_engine, driver
from ferrow.errors import ConnectionLost
from tests.isolated import test_cancellation
from tests.support import entered, maybe
from tests.support.effort import times
from tests.support.listening import make
from tests.support.mixed_work import TABLES, Client, together
from tests.support.packages import distribution_pgbouncer, newer_pgbouncer, require
from tests.support.pgbouncer import PgBouncer
from tests.support.proxy import proxy

pytestmark = pytest.mark.postgresql

SCARCE = {"default_pool_size": "3"}
"""Fewer servers than clients, so that each transaction may get another one."""


@pytest.fixture(params=[distribution_pgbouncer, newer_pgbouncer], ids=["distribution", "newer"], scope="module")
def program(request: pytest.FixtureRequest) -> Path:
    return require(request.param)


@pytest.fixture(params=["sync", "async"])
def colour(request: pytest.FixtureRequest) -> str:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def bouncers(program: Path, postgresql_url: str) -> Iterator[Callable[..., PgBouncer]]:
    running: list[PgBouncer] = []

    def start(settings: dict[str, str] | None = None, **options: Any) -> PgBouncer:
        running.append(PgBouncer(program, postgresql_url, settings=settings, **options).start())
        return running[-1]

    yield start
    for bouncer in running:
        bouncer.stop()


def is_old(program: Path) -> bool:
    """Whether it knows nothing of prepared statements."""
    said = subprocess.run([str(program), "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"PgBouncer (\d+)\.(\d+)", said)
    assert found is not None, said
    return (int(found[1]), int(found[2])) < (1, 21)


async def connect(colour: str, url: str, **options: Any) -> Any:
    return await driver.connect_async(url, **options) if colour == "async" else driver.connect(url, **options)


async def recognised(colour: str, url: str, **options: Any) -> Any:
    """A connection that knows from its login on that it goes through a pooler, as all but one in 1,024 do.

    Where one learns it later from a transaction that has done something, that is an error: see below.
    """
    for _ in range(3):
        conn = await connect(colour, url, **options)
        if options.get("prepared_statements", "auto") != "auto" or await unnamed(conn):
            break
        await maybe(conn.close())
    return conn


async def clients_at_work(colour: str, url: str, *, clients: int, queries: int, **options: Any) -> list[Client]:
    seed = 0
    conns = [await recognised(colour, url, **options) for _ in range(clients)]
    try:
        found = [Client(conn, number, seed) for number, conn in enumerate(conns)]
        each = -(-queries // clients)
        await together(colour, [lambda c=client: c.work(each) for client in found])
        return found
    finally:
        for conn in conns:
            await maybe(conn.close())


@pytest.mark.parametrize(
    "settings",
    [{}, SCARCE, {**SCARCE, "max_prepared_statements": "0"}, {**SCARCE, "max_prepared_statements": "100"}],
    ids=["defaults", "scarce", "untracked", "tracked"],
)
async def test_a_thousand_queries_by_ten_clients(
    colour: str, bouncers: Any, program: Path, postgresql_url: str, settings: dict[str, str]
) -> None:
    if is_old(program):
        settings = {name: value for name, value in settings.items() if name != "max_prepared_statements"}
    bouncer = bouncers(settings)
    with driver.connect(postgresql_url) as direct:
        direct.script(TABLES)
    clients = await clients_at_work(colour, bouncer.url, clients=10, queries=times(1000))
    assert sum(client.count for client in clients) >= 1000


# --- how it comes to light -------------------------------------------------------------------------------------------


def as_process(data: bytes) -> bytes:
    """With a key that looks like that of a process, as one in 1,024 of a pooler's does."""
    at = data.find(b"K\0\0\0\x0c")
    return data if at < 0 else data[: at + 5] + (4711).to_bytes(4, "big") + data[at + 9 :]


async def test_it_comes_to_light_at_login(colour: str, bouncers: Any, postgresql_url: str) -> None:
    bouncer = bouncers(SCARCE)
    for _ in range(3):  # one key of 1,024 looks like that of a process
        conn = await connect(colour, bouncer.url)
        found = await unnamed(conn)
        await maybe(conn.close())
        if found:
            break
    assert found
    conn = await connect(colour, postgresql_url)
    assert not await unnamed(conn)
    await maybe(conn.close())


async def unnamed(conn: Any) -> bool:
    return (await maybe(conn.info()))["unnamed_statements"]  # type: ignore[no-any-return]


@pytest.mark.parametrize("tracking", ["0", "100"])
async def test_it_comes_to_light_by_an_error(
    colour: str, bouncers: Any, program: Path, postgresql_url: str, tracking: str
) -> None:
    """And nobody sees that: neither the statement that met it nor those of other connections of the engine.

    Only a transaction that has done something before would: that is the next test but one.
    """
    bouncer = bouncers({**SCARCE, **({} if is_old(program) else {"max_prepared_statements": tracking})})
    with driver.connect(postgresql_url) as direct, proxy(bouncer.url) as between:
        direct.script(TABLES)
        between.change = as_process
        engine = create_engine(between.url, max_size=8)
        target = await engine if colour == "async" else engine

        async def client(number: int) -> None:
            async with entered(target.connection()) as conn:
                await Client(conn, number, seed=1, transactions=False).work(40)

        await together(colour, [lambda n=number: client(n) for number in range(8)])
        async with entered(target.connection()) as conn:
            assert (await maybe(conn.info()))["unnamed_statements"] == (is_old(program) or tracking == "0")
        await maybe(target.close())


@asynccontextmanager
async def unaware(
    colour: str, bouncers: Any, program: Path, *known: str, many: dict[str, Any] | None = None
) -> AsyncIterator[Any]:
    """A connection that does not know of its pooler, whose next transaction gets a server that lacks these statements."""
    bouncer = bouncers({"default_pool_size": "2", **({} if is_old(program) else {"max_prepared_statements": "0"})})
    with proxy(bouncer.url) as between:
        between.change = as_process
        conn, other = await connect(colour, between.url), await connect(colour, bouncer.url)
        for sql in known:
            await maybe(conn.query(sql, [1]))
        for sql, rows in (many or {}).items():
            await maybe(conn.run_many(sql, rows))
        assert not await unnamed(conn)
        async with entered(other.transaction()) as tx:
            await maybe(tx.query("SELECT 1"))  # that server is taken, so the next transaction gets another
            yield conn
        await maybe(conn.close())
        await maybe(other.close())


async def test_the_first_statement_of_a_transaction_is_run_again(
    colour: str, bouncers: Any, program: Path, postgresql_url: str
) -> None:
    """In a transaction that is begun anew, because nothing has happened in the one that failed."""
    insert = "INSERT INTO ledger VALUES ($1) RETURNING n + 0"  # which goes row by row
    with driver.connect(postgresql_url) as direct:
        direct.script("CREATE TABLE ledger (n integer)")
        async with unaware(colour, bouncers, program, insert) as conn:
            async with entered(conn.transaction()) as tx:
                await maybe(tx.run_many(insert, [[n] for n in range(2, 302)]))
                await maybe(tx.query_one(insert, [302]))
            assert await unnamed(conn)
        assert [n for (n,) in direct.query("SELECT n FROM ledger ORDER BY n")] == list(range(1, 303))


@pytest.mark.parametrize("first", ["", "SELECT 1"])
async def test_rows_that_go_as_arrays_are_sent_again_wherever_they_stand(
    colour: str, bouncers: Any, program: Path, postgresql_url: str, first: str
) -> None:
    """In the same transaction, behind the savepoint that they have of their own."""
    insert, rows = "INSERT INTO arrays VALUES ($1) RETURNING n", [[n] for n in range(300)]
    with driver.connect(postgresql_url) as direct:
        direct.script("CREATE TABLE arrays (n integer)")
        async with unaware(colour, bouncers, program, insert, many={insert: rows}) as conn:
            async with entered(conn.transaction()) as tx:
                if first:
                    await maybe(tx.script(first))
                result = await maybe(tx.run_many(insert, rows))
                assert [row[0] for row in result.rows] == [n for (n,) in rows]
            assert await unnamed(conn)
        assert direct.query_one("SELECT count(*) FROM arrays") == (601,)


async def test_in_a_transaction_that_has_done_something_it_is_one_clear_error(
    colour: str, bouncers: Any, program: Path
) -> None:
    async with unaware(colour, bouncers, program, "SELECT $1::int") as conn:
        with pytest.raises(driver.DatabaseError, match="goes through a pooler") as caught:
            async with entered(conn.transaction()) as mine:
                await maybe(mine.script("SELECT 1"))
                await maybe(mine.query_one("SELECT $1::int", [1]))
        assert caught.value.sqlstate == "26000"
        async with entered(conn.transaction()) as mine:
            await maybe(mine.script("SELECT 1"))
            assert (await maybe(mine.query_one("SELECT $1::int", [1])))[0] == 1
        assert await unnamed(conn)


async def test_names_are_used_where_that_is_asked_for(
    colour: str, bouncers: Any, program: Path, postgresql_url: str
) -> None:
    """What tracks them serves them; what does not cannot."""
    bouncer = bouncers({**SCARCE, **({} if is_old(program) else {"max_prepared_statements": "100"})})
    with driver.connect(postgresql_url) as direct:
        direct.script(TABLES)
    work = clients_at_work(colour, bouncer.url, clients=8, queries=400, prepared_statements="named")
    if is_old(program):
        with pytest.raises(driver.DatabaseError, match="prepared statement"):
            await work
    else:
        await work


# --- what else goes through it ---------------------------------------------------------------------------------------


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
        assert direct.query_one(open_still)[0] == 0


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
