"""A transaction is begun anew and nobody notices, if its first statement is one that the server does not know (behind a pooler, for
one), or one whose columns are of other types by now.

Nothing but BEGIN has happened in it. What came before, or was sent behind, makes it one clear error.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest

from ferrow import driver
from ferrow.errors import ProgrammingError
from tests.support import entered, items, maybe
from tests.support.colours import Runner

pytestmark = pytest.mark.postgresql

INSERT = "INSERT INTO ledger VALUES ($1) RETURNING n"
SELECT = "SELECT n FROM ledger ORDER BY n"
FORGET = "DO $$ BEGIN EXECUTE 'DEALLOCATE ALL'; END $$"
"""Behind the driver's back: as if the next transaction were another server's."""
CHANGE = "ALTER TABLE ledger ALTER COLUMN n TYPE bigint"
CODES = {FORGET: "26000", CHANGE: "0A000"}


@pytest.fixture(params=CODES, ids=["forgotten", "changed"])
def change(request: pytest.FixtureRequest) -> Any:
    """What makes statements stale, without a word to the connection."""
    return request.param


@pytest.fixture(params=["auto", "named"])
def conn(request: pytest.FixtureRequest, postgresql_url: str, colour: str, runner: Runner) -> Iterator[Any]:
    """A connection that has prepared INSERT and SELECT."""
    choice = {"prepared_statements": request.param}

    async def opened() -> Any:
        conn = (
            await driver.connect_async(postgresql_url, **choice)
            if colour == "async"
            else driver.connect(postgresql_url, **choice)
        )
        await maybe(conn.script("CREATE TABLE ledger (n integer PRIMARY KEY)"))
        await maybe(conn.query_one(INSERT, [0]))
        assert await numbers(conn) == [0]
        return conn

    conn = runner.run(opened())
    yield conn
    runner.run(maybe(conn.close()))


async def numbers(on: Any) -> list[int]:
    return [row[0] for row in await maybe(on.query(SELECT))]


async def suffer(conn: Any, change: str, url: str) -> None:
    """The statements of the connection become stale, and it does not know."""
    if change is FORGET:
        await maybe(conn.script(FORGET))
    else:
        with driver.connect(url) as other:
            other.script(change)


@asynccontextmanager
async def forgotten(conn: Any, change: str = FORGET, url: str = "", **options: Any) -> AsyncIterator[Any]:
    await suffer(conn, change, url)
    async with entered(conn.transaction(**options)) as tx:
        yield tx


async def one(tx: Any) -> None:
    assert (await maybe(tx.query_one(INSERT, [1])))[0] == 1


async def many(tx: Any) -> None:
    result = await maybe(tx.run_many(INSERT, [[1], [2]]))
    assert [row[0] for row in result.rows] == [1, 2]


async def pieces(tx: Any) -> None:
    """So many that they are sent piece by piece."""
    await maybe(tx.run_many(INSERT, [[n] for n in range(1, 20_000)]))


async def streamed(tx: Any) -> None:
    async with entered(tx.stream(INSERT, [1])) as rows:
        assert [row[0] for row in await items(rows)] == [1]


async def piped(tx: Any) -> None:
    """Under one Sync."""
    async with entered(tx.connection.pipeline()) as pipe:
        answers = [pipe.query_one(INSERT, [n]) for n in range(1, 4)]
        assert [(await maybe(answer.result()))[0] for answer in answers] == [1, 2, 3]


WAYS: dict[Callable[[Any], Awaitable[None]], int] = {one: 1, many: 2, pieces: 19_999, streamed: 1, piped: 3}
"""And how many rows each has written."""


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
async def test_the_first_statement_is_run_in_a_new_transaction(
    conn: Any, way: Any, change: str, postgresql_url: str
) -> None:
    written = list(range(WAYS[way] + 1))
    async with forgotten(conn, change, postgresql_url) as tx:
        await way(tx)
        again = await maybe(tx.query("SELECT n FROM ledger ORDER BY n -- not prepared before"))
        assert [row[0] for row in again] == written
    assert await numbers(conn) == written, "it was committed once"
    unnamed = (await maybe(conn.info()))["unnamed_statements"]
    with pytest.raises(LookupError):
        async with forgotten(conn, change, postgresql_url) as tx:
            await maybe(tx.query_one(INSERT, [30_000]))
            raise LookupError
    assert await numbers(conn) == written, "the new one can be rolled back"
    assert (await maybe(conn.info()))["unnamed_statements"] == unnamed


@pytest.mark.parametrize("before", ["", "INSERT INTO ledger VALUES (-1)", "SAVEPOINT mine"])
async def test_rows_that_go_as_arrays_are_sent_again(conn: Any, before: str, change: str, postgresql_url: str) -> None:
    """Wherever in the transaction they stand: they have a savepoint of their own, behind which nothing has happened."""
    await maybe(conn.run_many(INSERT, [[n] for n in range(1000, 1060)]))
    await maybe(conn.script("DELETE FROM ledger"))
    written = [-1] if "INSERT" in before else []
    async with forgotten(conn, change, postgresql_url) as tx:
        if before:
            await maybe(tx.script(before))
        result = await maybe(tx.run_many(INSERT, [[n] for n in range(2500)]))
        assert [row[0] for row in result.rows] == list(range(2500))
        with pytest.raises(ProgrammingError, match='savepoint "ferrow_many" does not exist'):
            async with entered(tx.transaction()):
                await maybe(tx.script("RELEASE SAVEPOINT ferrow_many"))
    assert await numbers(conn) == [*written, *range(2500)]
    with pytest.raises(LookupError):
        async with forgotten(conn) as tx:
            await maybe(tx.run_many(INSERT, [[n] for n in range(3000, 3060)]))
            raise LookupError
    assert await numbers(conn) == [*written, *range(2500)]


async def test_it_is_begun_as_it_was(conn: Any, change: str, postgresql_url: str) -> None:
    shown = (
        "SELECT current_setting('transaction_isolation') || ' ' || current_setting('transaction_read_only'), "
        "(SELECT max(n) FROM ledger)"
    )
    assert (await maybe(conn.query_one(shown)))[0] == "read committed off"
    async with forgotten(conn, change, postgresql_url, isolation="serializable", readonly=True) as tx:
        assert (await maybe(tx.query_one(shown)))[0] == "serializable on"
        assert (await maybe(tx.query_one(shown)))[0] == "serializable on"
    assert (await maybe(conn.query_one(shown)))[0] == "read committed off"


async def test_its_own_errors_are_told(conn: Any, change: str, postgresql_url: str) -> None:
    with pytest.raises(driver.IntegrityError):
        async with forgotten(conn, change, postgresql_url) as tx:
            await maybe(tx.query_one(INSERT, [0]))
    assert await numbers(conn) == [0]


async def test_begin(conn: Any, change: str, postgresql_url: str) -> None:
    await suffer(conn, change, postgresql_url)
    async with entered(await maybe(conn.begin())) as tx:
        await one(tx)
        assert conn.status == "transaction"
        await maybe(tx.rollback())
    assert await numbers(conn) == [0]


async def test_a_transaction_of_cursors(conn: Any, change: str, postgresql_url: str) -> None:
    await suffer(conn, change, postgresql_url)
    cursor = conn.cursor()
    await maybe(cursor.execute(SELECT))
    assert await maybe(cursor.fetchall()) == [(0,)]
    await maybe(cursor.execute("INSERT INTO ledger VALUES (1)"))
    await maybe(conn.rollback())
    assert await numbers(conn) == [0]


@pytest.mark.parametrize("before", ["INSERT INTO ledger VALUES (1)", "SAVEPOINT here", "SELECT 1"])
async def test_what_came_before_makes_it_an_error(conn: Any, before: str, change: str, postgresql_url: str) -> None:
    hint = "goes through a pooler|has changed since it was prepared"
    with pytest.raises(driver.DatabaseError, match=hint) as caught:
        async with forgotten(conn, change, postgresql_url) as tx:
            await maybe(tx.script(before))
            await maybe(tx.query(SELECT))
    assert caught.value.sqlstate == CODES[change]
    assert await numbers(conn) == [0]


async def test_what_was_sent_behind_makes_it_an_error(conn: Any, change: str, postgresql_url: str) -> None:
    """The COMMIT of a pipeline is on its way before anybody knows."""
    await suffer(conn, change, postgresql_url)
    with pytest.raises(driver.DatabaseError) as caught:
        async with entered(conn.pipeline()) as pipe:
            async with entered(pipe.transaction()):
                for number in (1, 2):
                    pipe.execute(INSERT, [number])
    assert caught.value.sqlstate == CODES[change]
    assert await numbers(conn) == [0]


@pytest.mark.parametrize("colour", ["async"])
async def test_a_stream_begins_though_something_was_sent_behind_it(conn: Any, change: str, postgresql_url: str) -> None:
    """It has a transaction of its own, of which nobody has seen anything; others may ask meanwhile whether the server answers."""
    await suffer(conn, change, postgresql_url)
    reading = asyncio.ensure_future(conn.stream(SELECT).fetch())
    pings = [asyncio.ensure_future(conn.ping()) for _ in range(3)]
    assert [row[0] for row in await reading] == [0]
    assert all(await asyncio.gather(*pings))


async def test_who_is_cancelled_meanwhile_is_still_in_the_transaction(postgresql_url: str) -> None:
    """Whatever was begun anew by then: what is done next does not commit by itself."""
    for turns in range(8):
        async with await driver.connect_async(postgresql_url, prepared_statements="named") as conn:
            await conn.script("CREATE TABLE IF NOT EXISTS ledger (n integer PRIMARY KEY)")
            await conn.query(SELECT)
            async with forgotten(conn) as tx:
                task = asyncio.ensure_future(tx.query(SELECT))
                for _ in range(turns):
                    await asyncio.sleep(0)
                task.cancel()
                await asyncio.wait([task])
                with suppress(ProgrammingError):  # the cancellation may have come to the server, as of any statement
                    await tx.execute("INSERT INTO ledger VALUES (1)")
                await tx.rollback()
            assert await numbers(conn) == []
