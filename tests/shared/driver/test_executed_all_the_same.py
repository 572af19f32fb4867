"""A statement that was executed, and whose result cannot be decoded: the error says so, and it is not retried."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ferrow.errors import DatabaseError, DataError, UniqueViolation
from tests.support import entered, items, maybe

pytestmark = pytest.mark.postgresql

UPDATE = "UPDATE t SET day = '20000-01-01' RETURNING day"
HINT = "the statement has been executed (UPDATE, 2 rows), and only what it returned cannot be read"
INSERT = "INSERT INTO many (id) VALUES ($1) RETURNING day"
ROWS = [(number,) for number in range(100)]


@pytest.fixture
def table(pg: Any, runner: Any) -> Any:
    sql = """
        CREATE TABLE t (id int PRIMARY KEY, day date); INSERT INTO t VALUES (1, '2020-01-01'), (2, '2020-01-02');
        CREATE TABLE many (id int, day date DEFAULT '20000-01-01')
    """
    runner.run(maybe(pg.script(sql)))
    return pg


async def far(conn: Any) -> int:
    """How many rows were updated."""
    return (await maybe(conn.query_one("SELECT count(*) FROM t WHERE day > '9999-12-31'")))[0]


WAYS: dict[str, Callable[[Any], Any]] = {
    "query": lambda conn: conn.query(UPDATE),
    "query_one": lambda conn: conn.query_one(UPDATE),
    "execute": lambda conn: conn.execute(UPDATE),
    "run_many": lambda conn: conn.run_many("UPDATE t SET day = '20000-01-01' WHERE id >= $1 RETURNING day", [[1]]),
    "cursor": lambda conn: conn.cursor().execute(UPDATE),
}


@pytest.mark.parametrize("way", WAYS)
async def test_the_error_says_that_rows_have_changed(table: Any, way: str) -> None:
    table.autocommit = True
    with pytest.raises(DataError, match="a date of the year 20000 has no equal in Python") as caught:
        await maybe(WAYS[way](table))
    assert caught.value.executed
    assert caught.value.hint.startswith(HINT)
    assert await far(table) == 2


async def test_a_transaction_is_usable_and_decides(table: Any) -> None:
    async with entered(table.transaction()) as tx:
        with pytest.raises(DataError, match="inside one a rollback undoes them"):
            await maybe(tx.query(UPDATE))
        assert await far(tx) == 2
    assert await far(table) == 2
    await maybe(table.execute("UPDATE t SET day = '2020-01-01'"))
    with pytest.raises(DataError):
        async with entered(table.transaction()) as tx:
            await maybe(tx.query(UPDATE))
    assert await far(table) == 0


@pytest.mark.parametrize("inside", [False, True])
async def test_many_rows_are_not_inserted_twice(table: Any, inside: bool) -> None:
    """Many rows are sent as arrays, and one by one after an error, to find the row; not after this one."""
    await maybe(table.prepare(INSERT))
    if inside:
        async with entered(table.transaction()) as tx:
            with pytest.raises(DataError, match=r"INSERT, 100 rows") as caught:
                await maybe(tx.run_many(INSERT, ROWS))
            with pytest.raises(DatabaseError, match='savepoint "ferrow_many" does not exist'):
                await maybe(tx.script("SAVEPOINT mine; RELEASE SAVEPOINT ferrow_many"))
            await maybe(tx.script("ROLLBACK TO SAVEPOINT mine"))
    else:
        with pytest.raises(DataError, match=r"INSERT, 100 rows") as caught:
            await maybe(table.run_many(INSERT, ROWS))
    assert caught.value.query == INSERT
    assert (await maybe(table.query_one("SELECT count(*) FROM many")))[0] == 100


@pytest.mark.parametrize("sql", ["UPDATE t SET word = 'x' RETURNING word", "SELECT 'x'::text"])
async def test_an_error_of_a_codec_gets_a_note(table: Any, sql: str) -> None:
    await maybe(table.script("ALTER TABLE t ADD word text"))

    def decode(text: str) -> Any:
        raise ZeroDivisionError("mine")

    table.set_codec("text", encode=str, decode=decode)
    with pytest.raises(ZeroDivisionError) as caught:
        await maybe(table.query(sql))
    notes = getattr(caught.value, "__notes__", [])
    assert sum(note.startswith(HINT) for note in notes) == sql.startswith("UPDATE")


async def test_what_was_not_executed_does_not_claim_it(table: Any) -> None:
    for sql, params in [
        ("UPDATE t SET day = $1 RETURNING day", ["x"]),
        ("UPDATE t SET id = 1 RETURNING day", []),
        ("UPDATE t SET day = '20000-01-01', id = 1 RETURNING day", []),
    ]:
        with pytest.raises(DatabaseError) as caught:
            await maybe(table.query(sql, params))
        assert (caught.value.executed, caught.value.hint) == (False, None)
    assert await far(table) == 0


async def test_nor_does_what_fails_when_it_is_committed(table: Any) -> None:
    """The server says first that it is done, and then that it is not."""
    await maybe(
        table.script("CREATE TABLE u (id int UNIQUE DEFERRABLE INITIALLY DEFERRED); INSERT INTO u VALUES (1), (2)")
    )
    for sql in ("UPDATE u SET id = 1", "UPDATE u SET id = 1 RETURNING id"):
        with pytest.raises(UniqueViolation) as caught:
            await maybe(table.query(sql))
        assert (caught.value.executed, caught.value.hint) == (False, None)
    assert await maybe(table.query("SELECT id FROM u ORDER BY id")) == [(1,), (2,)]


async def test_a_stream_undoes_it(table: Any) -> None:
    with pytest.raises(DataError) as caught:
        await items(table.stream(UPDATE))
    assert (caught.value.executed, caught.value.hint) == (False, None)
    assert await far(table) == 0


async def test_a_select_needs_no_advice(table: Any) -> None:
    with pytest.raises(DataError) as caught:
        await maybe(table.query("SELECT DATE '20000-01-01'"))
    assert (caught.value.executed, caught.value.hint) == (True, None)


async def test_in_a_pipeline_each_statement_says_it_of_itself(table: Any) -> None:
    async with entered(table.pipeline()) as pipe:
        first = pipe.query(UPDATE)
        second = pipe.execute("INSERT INTO t VALUES (1)")
        with pytest.raises(DataError) as caught:
            await maybe(first.result())
        with pytest.raises(UniqueViolation) as failed:
            await maybe(second.result())
    assert (caught.value.executed, failed.value.executed) == (True, False)
    assert await far(table) == 2
