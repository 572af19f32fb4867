"""Cached statements, when what they rest on changes, and when there are too many of them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from typing import Any
from uuid import UUID

import pytest

from ferrow import driver
from ferrow.errors import DatabaseError, ProgrammingError
from tests.support import entered, items, maybe
from tests.support.colours import Runner
from tests.support.stale import ABOUT_A_VALUE, IN_TRANSACTION, KINDS, Kind

pytestmark = pytest.mark.postgresql

MODES: list[dict[str, Any]] = [{}, {"prepared_statements": "unnamed"}, {"statement_cache_size": 0}]


@pytest.fixture(params=MODES, ids=["named", "unnamed", "off"])
def options(request: pytest.FixtureRequest) -> dict[str, Any]:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def connect(postgresql_url: str, colour: str, runner: Runner) -> Iterator[Callable[..., Awaitable[Any]]]:
    """Opens connections, which are closed at the end."""
    conns = []

    async def opened(**options: Any) -> Any:
        conn = (
            await driver.connect_async(postgresql_url, **options)
            if colour == "async"
            else driver.connect(postgresql_url, **options)
        )
        conns.append(conn)
        return conn

    yield opened
    for conn in conns:
        runner.run(maybe(conn.close()))


async def ask(conn: Any, kind: Kind, *, again: bool) -> Any:
    """The last row, as a dict."""
    params = kind.new_params if again and kind.new_params is not None else kind.params
    rows = await maybe(conn.query(kind.sql, params))
    return {name: plain(value) for name, value in rows[-1].to_dict().items()}


def plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, driver.Row) else value


@pytest.mark.parametrize("kind", KINDS, ids=str)
async def test_nobody_sees_a_change(connect: Any, options: dict[str, Any], kind: Kind) -> None:
    conn, other = await connect(**options), await connect()
    await maybe(conn.script(kind.setup))
    for _ in range(2):
        assert await ask(conn, kind, again=False) == kind.before
    await maybe((conn if kind.own else other).script(kind.change))
    for _ in range(2):
        assert await ask(conn, kind, again=True) == kind.after
    assert (await maybe(conn.info()))["unnamed_statements"] == ("prepared_statements" in options)


@pytest.mark.parametrize("kind", IN_TRANSACTION, ids=str)
async def test_in_a_transaction_it_is_one_clear_error_at_most(
    connect: Any, options: dict[str, Any], kind: Kind
) -> None:
    """What is right or an error, and right afterwards."""
    conn, other = await connect(**options), await connect()
    await maybe(conn.script(kind.setup))
    for _ in range(2):
        assert await ask(conn, kind, again=False) == kind.before
    await maybe((conn if kind.own else other).script(kind.change))
    seen: list[DatabaseError] = []
    try:
        async with entered(conn.transaction()):
            assert await ask(conn, kind, again=True) == kind.after
    except DatabaseError as error:
        seen.append(error)
    for error in seen:
        assert error.sqlstate is not None, "an error of the server"
        assert kind.name in ABOUT_A_VALUE or "run the transaction again" in (error.hint or "")
    for _ in range(2):
        async with entered(conn.transaction()):
            assert await ask(conn, kind, again=True) == kind.after


@pytest.mark.parametrize("kind", [kind for kind in KINDS if not kind.own and "ADD VALUE" not in kind.change], ids=str)
async def test_a_transaction_sees_its_own_changes(connect: Any, options: dict[str, Any], kind: Kind) -> None:
    """Without an error, and what it takes back is as it was."""
    conn = await connect(**options)
    await maybe(conn.script(kind.setup))
    assert await ask(conn, kind, again=False) == kind.before
    with suppress(KeyError):
        async with entered(conn.transaction()):
            assert await ask(conn, kind, again=False) == kind.before
            await maybe(conn.script(kind.change))
            for _ in range(2):
                assert await ask(conn, kind, again=True) == kind.after
            raise KeyError
    assert await ask(conn, kind, again=False) == kind.before


async def test_twenty_rounds_of_alter_table(connect: Any, options: dict[str, Any]) -> None:
    conns = [await connect(**options) for _ in range(3)]
    await maybe(conns[0].script("CREATE TABLE t (a integer); INSERT INTO t VALUES (1)"))
    for number in range(20):
        expected = {"a": 1, **{f"c{n}": n for n in range(number)}}
        for conn in conns:
            for _ in range(2):
                assert (await maybe(conn.query_one("SELECT * FROM t"))).to_dict() == expected
                result = await maybe(conn.query("UPDATE t SET a = $1 RETURNING *", [1]))
                assert result[0].to_dict() == expected
        await maybe(conns[number % 3].execute(f"ALTER TABLE t ADD c{number} integer DEFAULT {number}"))


async def test_values_that_cannot_be_read_any_more_are_an_error(connect: Any) -> None:
    """Without a prepared statement the server runs it and sends what was asked for: numbers as they are in memory."""
    conn = await connect(prepared_statements="unnamed")
    await maybe(conn.script("CREATE TABLE t (a integer, b text); INSERT INTO t VALUES (1, 'x')"))
    await maybe(conn.query("SELECT * FROM t"))
    await maybe(conn.script("ALTER TABLE t ALTER a TYPE money USING a::numeric::money"))
    with pytest.raises(DatabaseError, match=r"from \(a integer, b text\) to \(a money, b text\)"):
        await maybe(conn.query("SELECT * FROM t"))
    assert tuple(await maybe(conn.query_one("SELECT * FROM t"))) == ("$1.00", "x")
    await maybe(conn.script("ALTER TABLE t ALTER a TYPE integer USING a::numeric::integer"))
    with pytest.raises(DatabaseError, match=r"from \(a money, b text\) to \(a integer, b text\)"):
        await maybe(conn.query("SELECT * FROM t"))
    assert tuple(await maybe(conn.query_one("SELECT * FROM t"))) == (1, "x")


async def test_a_stream_of_changed_columns(connect: Any, options: dict[str, Any]) -> None:
    conn, other = await connect(**options), await connect()
    await maybe(conn.script("CREATE TABLE t (a integer); INSERT INTO t VALUES (1), (2)"))
    async with entered(conn.stream("SELECT * FROM t")) as rows:
        assert [tuple(row) for row in await items(rows)] == [(1,), (2,)]
    await maybe(other.script("ALTER TABLE t ADD b text DEFAULT 'x'"))
    with suppress(DatabaseError):
        async with entered(conn.stream("SELECT * FROM t")) as rows:
            assert [tuple(row) for row in await items(rows)] == [(1, "x"), (2, "x")]
    async with entered(conn.stream("SELECT * FROM t")) as rows:
        assert [row.to_dict() for row in await items(rows)] == [{"a": 1, "b": "x"}, {"a": 2, "b": "x"}]


async def test_many_rows_into_a_changed_table(connect: Any, options: dict[str, Any]) -> None:
    conn, other = await connect(**options), await connect()
    await maybe(conn.script("CREATE TABLE t (a integer)"))
    insert = "INSERT INTO t (a) VALUES ($1) RETURNING *"
    assert [tuple(row) for row in (await maybe(conn.run_many(insert, [[1], [2]]))).rows] == [(1,), (2,)]
    await maybe(other.script("ALTER TABLE t ADD b text DEFAULT 'x'; ALTER TABLE t ALTER a TYPE text"))
    rows = (await maybe(conn.run_many(insert, [["1"], ["two"]]))).rows
    assert [tuple(row) for row in rows] == [("1", "x"), ("two", "x")]

    await maybe(other.script("ALTER TABLE t ALTER a TYPE uuid USING NULL"))
    await maybe(conn.run_many(insert, [[str(UUID(int=1))]] * 60))
    await maybe(other.script("ALTER TABLE t ALTER a TYPE text"))
    for count in (2, 60):
        rows = (await maybe(conn.run_many(insert, [["three"]] * count))).rows
        assert [tuple(row) for row in rows] == [("three", "x")] * count


# --- how many ------------------------------------------------------------------------------------------------------------


PREPARED = "SELECT count(*) FROM pg_prepared_statements"


@pytest.mark.parametrize("size", [1, 7, 100])
async def test_the_server_keeps_no_more_than_the_cache(connect: Any, size: int) -> None:
    conn = await connect(statement_cache_size=size)
    for number in range(300):
        assert (await maybe(conn.query_one(f"SELECT {number}, $1::int", [number])))[1] == number
        if number % 3 == 0:  # refused when it is prepared, and when it is executed
            with pytest.raises(DatabaseError):
                await maybe(conn.query(f"SELECT {number} FROM nowhere"))
            with pytest.raises(DatabaseError):
                await maybe(conn.query(f"SELECT {number} / $1::int", [0]))
    assert (await maybe(conn.query_one(PREPARED)))[0] <= size + 1
    assert (await maybe(conn.info()))["cached_statements"] <= size


async def test_the_statement_that_is_used_again_and_again_stays(connect: Any) -> None:
    """O-D21: looking one up was no use of it, so the oldest had to go, however often it ran."""
    conn = await connect(statement_cache_size=4)
    seen = set()
    for number in range(12):
        await maybe(conn.query("SELECT 'usual', $1::int", [number]))
        await maybe(conn.query(f"SELECT 'other', {number}, $1::int", [number]))
        found = await maybe(
            conn.query(
                "SELECT name, prepare_time FROM pg_prepared_statements WHERE starts_with(statement, $1)",
                ["SELECT 'usual'"],
            )
        )
        seen |= {tuple(row) for row in found}
    assert len(seen) == 1


async def test_eviction_while_statements_are_under_way_and_fail(postgresql_url: str) -> None:
    async with await driver.connect_async(postgresql_url, statement_cache_size=5) as conn:

        async def one(number: int) -> None:
            sql = f"SELECT {number % 30} AS n, 1 / $1::int"
            if number % 4 == 0:
                with pytest.raises(DatabaseError, match="division by zero"):
                    await conn.query(sql, [0])
            else:
                assert tuple(await conn.query_one(sql, [1])) == (number % 30, 1)

        for _ in range(5):
            await asyncio.gather(*(one(number) for number in range(200)))
        assert (await conn.query_one(PREPARED))[0] <= 6


async def test_long_texts_are_not_kept(connect: Any) -> None:
    conn = await connect()
    long = "SELECT $1::int /* " + "x" * 10_000_000 + " */"
    for _ in range(2):
        assert (await maybe(conn.query_one(long, [5])))[0] == 5
    assert (await maybe(conn.info()))["cached_statements"] == 0
    assert (await maybe(conn.query_one(PREPARED)))[0] <= 1
    await maybe(conn.query(f"SELECT 1 /* {'x' * 128 * 1024} */"))
    assert (await maybe(conn.info()))["cached_statements"] == 1, "PREPARED alone"
    for number in range(100):
        await maybe(conn.query(f"SELECT {number} /* {'x' * 100_000} */"))
    assert 20 <= (await maybe(conn.info()))["cached_statements"] <= 50, "4 MB of text"
    conn.set_codec("int4", decode=int)
    assert (await maybe(conn.info()))["cached_statements"] == 0
    for number in range(30):
        await maybe(conn.query(f"SELECT {number} /* {'x' * 100_000} */"))
    assert (await maybe(conn.info()))["cached_statements"] == 30, "what was forgotten takes no place"


@pytest.mark.slow
@pytest.mark.timeout(600)  # a round trip each, which TLS sends through another thread of this process
async def test_a_hundred_thousand_statements(postgresql_url: str) -> None:
    with driver.connect(postgresql_url) as conn:
        used = "SELECT sum(used_bytes)::int8 FROM pg_backend_memory_contexts"
        for number in range(2_000):
            conn.query(f"SELECT {number}")
        early = conn.query_one(used)[0]
        for number in range(100_000):
            conn.query(f"SELECT {number}")
        assert conn.query_one(PREPARED)[0] <= 257
        assert conn.query_one(used)[0] < early * 1.5


async def test_texts_that_only_look_alike(connect: Any, options: dict[str, Any]) -> None:
    class Text(str):
        """Equal to everything, and hashed as one."""

        def __eq__(self, other: object) -> bool:
            return True

        def __hash__(self) -> int:
            return 1

        def __str__(self) -> str:
            return "SELECT 0"

    conn = await connect(**options)
    for _ in range(2):
        for number in range(5):
            assert (await maybe(conn.query_one(Text(f"SELECT {number}"))))[0] == number
        assert (await maybe(conn.query_one("SELECT 'é'")))[0] == "é"
        assert (await maybe(conn.query_one("SELECT 'e\u0301'")))[0] == "e\u0301"
        with pytest.raises(ProgrammingError, match="lone surrogate"):
            await maybe(conn.query("SELECT '\ud800'"))


# --- forgetting ----------------------------------------------------------------------------------------------------------


async def test_who_forgets_in_secret_is_taken_for_a_pooler(connect: Any) -> None:
    """It costs a little time from then on, and no error."""
    conn = await connect()
    assert (await maybe(conn.query_one("SELECT 1 AS a")))[0] == 1
    await maybe(conn.script("DO $$ BEGIN EXECUTE 'DEALLOCATE ALL'; END $$"))
    for _ in range(2):
        assert (await maybe(conn.query_one("SELECT 1 AS a")))[0] == 1
    assert (await maybe(conn.info()))["unnamed_statements"]
    conn = await connect(prepared_statements="named")
    assert (await maybe(conn.query_one("SELECT 1 AS a")))[0] == 1
    await maybe(conn.script("DO $$ BEGIN EXECUTE 'DEALLOCATE ALL'; END $$"))
    assert (await maybe(conn.query_one("SELECT 1 AS a")))[0] == 1
    assert not (await maybe(conn.info()))["unnamed_statements"]


async def test_the_choice_is_checked(postgresql_url: str) -> None:
    with pytest.raises(driver.InterfaceError, match="unknown prepared_statements 'never'"):
        driver.connect(postgresql_url, prepared_statements="never")
