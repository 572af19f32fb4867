"""Behind PgBouncer in transaction mode, with what both sides do unless they are told otherwise."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from ferrow import create_engine, driver
from tests.support import entered, maybe
from tests.support.effort import times
from tests.support.mixed_work import TABLES, Client, together
from tests.support.pooled_clients import SCARCE, bouncers, clients_at_work, colour, connect, is_old, program, unnamed
from tests.support.proxy import proxy

__all__ = ["bouncers", "colour", "program"]

pytestmark = pytest.mark.postgresql


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

        expected = is_old(program) or tracking == "0"
        for turn in range(20):  # clients that happen to take turns find their statements where they left them
            await together(colour, [lambda n=8 * turn + number: client(n) for number in range(8)])
            async with entered(target.connection()) as conn:
                found = (await maybe(conn.info()))["unnamed_statements"]
            if found or not expected:
                break
        assert found == expected
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
