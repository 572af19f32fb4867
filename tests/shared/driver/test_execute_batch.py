"""`execute_batch`: several statements, all of them or none, on both databases and in both colours."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow import driver
from ferrow.abc import Status
from ferrow.errors import (
    DatabaseError,
    DataError,
    ForeignKeyViolation,
    InterfaceError,
    OperationalError,
    ProgrammingError,
    UniqueViolation,
)
from tests.support import entered, maybe
from tests.support.batches import WRONG, table
from tests.support.numbered import numbers

__all__ = ["table"]


async def test_counts_are_those_of_single_statements(table: Any) -> None:
    statements = [
        "INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, 'c')",
        "UPDATE t SET text = 'x' WHERE n > 1",
        "SELECT * FROM t",
        "DELETE FROM t WHERE n > 99",
        "CREATE TABLE other (n integer)",
        "WITH gone AS (SELECT 3 AS n) DELETE FROM t WHERE n IN (SELECT n FROM gone)",
        "INSERT INTO t VALUES (4, 'd') RETURNING n, text",
        "SELECT n FROM t WHERE n = 4",
    ]
    counts = await maybe(table.execute_batch(statements))
    assert counts == [3, 2, 3, 0, 0, 1, 1, 1]
    assert await numbers(table) == [1, 2, 4]


async def test_nothing_of_a_failed_batch_is_kept(table: Any) -> None:
    batch = ["INSERT INTO t (n) VALUES (1)", "CREATE TABLE other (n integer)", WRONG, "INSERT INTO t (n) VALUES (2)"]
    with pytest.raises(ProgrammingError) as caught:
        await maybe(table.execute_batch(batch))
    assert (caught.value.statement, caught.value.query) == (3, WRONG)
    assert str(caught.value).endswith("In statement 3 of the batch")
    assert await numbers(table) == []
    await maybe(table.execute_batch(["CREATE TABLE other (n integer)"]))


@pytest.mark.parametrize("position", [1, 2, 50, 100])
async def test_the_error_says_which_statement(table: Any, position: int) -> None:
    batch = [f"INSERT INTO t (n) VALUES ({n})" for n in range(1, 101)]
    batch[position - 1] = "INSERT INTO t (n) VALUES (0), (0)"
    with pytest.raises(UniqueViolation) as caught:
        await maybe(table.execute_batch(batch))
    assert caught.value.statement == position
    assert caught.value.query == batch[position - 1]
    assert table.status is Status.IDLE
    assert await numbers(table) == []


async def test_inside_a_transaction_it_belongs_to_it(table: Any) -> None:
    with pytest.raises(ZeroDivisionError):
        async with entered(table.transaction()) as tx:
            assert await maybe(tx.execute_batch(["INSERT INTO t (n) VALUES (1)", "INSERT INTO t (n) VALUES (2)"])) == [
                1,
                1,
            ]
            assert await maybe(table.execute_batch(["INSERT INTO t (n) VALUES (3)", "DELETE FROM t WHERE n = 1"])) == [
                1,
                1,
            ]
            assert await numbers(tx) == [2, 3]
            raise ZeroDivisionError
    assert await numbers(table) == []


async def test_inside_a_transaction_it_fails_as_a_statement_does(table: Any, backend: str) -> None:
    tx = await maybe(table.begin())
    await maybe(tx.execute("INSERT INTO t (n) VALUES (1)"))
    with pytest.raises(ProgrammingError) as caught:
        await maybe(tx.execute_batch(["INSERT INTO t (n) VALUES (2)", WRONG]))
    assert caught.value.statement == 2
    if backend == "postgresql":
        assert table.status is Status.FAILED
        with pytest.raises(DatabaseError, match="aborted") as again:
            await maybe(tx.execute_batch(["INSERT INTO t (n) VALUES (3)", "SELECT 1"]))
        assert (again.value.statement, again.value.query) == (1, "INSERT INTO t (n) VALUES (3)")
        await maybe(tx.rollback())
        assert await numbers(table) == []
    else:
        await maybe(tx.commit())
        assert await numbers(table) == [1]


async def test_inside_a_nested_transaction_only_that_is_undone(table: Any) -> None:
    async with entered(table.transaction()) as tx:
        await maybe(tx.execute_batch(["INSERT INTO t (n) VALUES (1)"]))
        with pytest.raises(ProgrammingError):
            async with entered(tx.transaction()) as inner:
                await maybe(inner.execute_batch(["INSERT INTO t (n) VALUES (2)", WRONG]))
    assert await numbers(table) == [1]


async def test_a_batch_of_an_ended_transaction(table: Any) -> None:
    tx = await maybe(table.begin())
    await maybe(tx.rollback())
    for batch in (["SELECT 1"], []):
        with pytest.raises(ProgrammingError, match="Transaction is already committed or rolled back"):
            await maybe(tx.execute_batch(batch))
    await maybe(table.close())
    for batch in (["SELECT 1"], []):
        with pytest.raises(InterfaceError, match="Connection is closed"):
            await maybe(table.execute_batch(batch))


async def test_any_iterable_of_texts_will_do(table: Any) -> None:
    assert await maybe(table.execute_batch(())) == []
    assert await maybe(table.execute_batch(f"INSERT INTO t (n) VALUES ({n})" for n in range(3))) == [1, 1, 1]


async def test_empty_statements_count_nothing(table: Any) -> None:
    assert await maybe(table.execute_batch(["", "INSERT INTO t (n) VALUES (1);", "-- nothing", " ; "])) == [0, 1, 0, 0]
    assert await maybe(table.execute_batch([""])) == [0]
    assert await numbers(table) == [1]


async def test_a_check_at_the_end_fails_the_whole_batch(conn: Any) -> None:
    deferred = "n integer PRIMARY KEY, up integer REFERENCES t (n) DEFERRABLE INITIALLY DEFERRED"
    await maybe(conn.script(f"CREATE TABLE t ({deferred})"))
    assert await maybe(conn.execute_batch(["INSERT INTO t VALUES (1, 2)", "INSERT INTO t VALUES (2, 1)"])) == [1, 1]
    with pytest.raises(ForeignKeyViolation) as caught:
        await maybe(conn.execute_batch(["INSERT INTO t VALUES (3, 9)", "INSERT INTO t VALUES (4, 9)"]))
    assert caught.value.statement is None
    assert conn.status is Status.IDLE
    assert await numbers(conn) == [1, 2]


@pytest.mark.parametrize("size", [10, 100_000])
async def test_full_buffers_in_both_directions(conn: Any, size: int) -> None:
    """Answers come while statements are still being sent; whoever only writes would wait for ever."""
    batch = [f"SELECT '{'x' * size}'"] * (100 if size > 1000 else 10_000)
    assert await maybe(conn.execute_batch(batch)) == [1] * len(batch)


async def test_ten_thousand_inserts(table: Any) -> None:
    batch = [f"INSERT INTO t VALUES ({n}, 'it''s {n}')" for n in range(10_000)]
    assert await maybe(table.execute_batch(batch)) == [1] * 10_000
    assert await numbers(table) == list(range(10_000))


async def test_a_batch_leaves_no_prepared_statements(table: Any) -> None:
    before = (await maybe(table.info()))["cached_statements"]
    await maybe(table.execute_batch([f"INSERT INTO t (n) VALUES ({n})" for n in range(300)]))
    assert (await maybe(table.info()))["cached_statements"] == before


async def test_a_schema_change_in_the_batch_is_seen_behind_it(table: Any) -> None:
    select = "SELECT * FROM t"
    await maybe(table.query(select))
    await maybe(table.execute_batch(["ALTER TABLE t ADD COLUMN more integer", "INSERT INTO t VALUES (1, 'a', 5)"]))
    assert (await maybe(table.query_one(select))).to_dict() == {"n": 1, "text": "a", "more": 5}


async def test_a_lent_connection_of_an_engine_has_it_too(engine: Any) -> None:
    async with entered(engine.connection()) as conn:
        await maybe(conn.execute_batch(["CREATE TABLE t (n integer)", "INSERT INTO t (n) VALUES (1)"]))
        async with entered(conn.transaction()) as tx:
            assert await maybe(tx.execute_batch(["DELETE FROM t", "DELETE FROM t"])) == [1, 0]


async def test_the_first_statement_may_set_the_isolation_level(pg: Any) -> None:
    batch = ["SET TRANSACTION ISOLATION LEVEL SERIALIZABLE", "CREATE TABLE t (n integer)"]
    assert await maybe(pg.execute_batch(batch)) == [0, 0]


async def test_an_error_in_a_value_is_a_data_error(pg: Any) -> None:
    with pytest.raises(DataError, match="division by zero") as caught:
        await maybe(pg.execute_batch(["SELECT 1", "SELECT 1/0"]))
    assert (caught.value.sqlstate, caught.value.statement) == ("22012", 2)


async def test_the_position_is_that_in_the_statement(pg: Any) -> None:
    with pytest.raises(ProgrammingError) as caught:
        await maybe(pg.execute_batch(["SELECT 1", "SELECT nope"]))
    assert (caught.value.position, caught.value.query) == (8, "SELECT nope")


def test_a_reader_of_sqlite_runs_batches_that_only_read(sqlite_url: str) -> None:
    with driver.connect(sqlite_url) as writer:
        writer.script("CREATE TABLE t (n integer)")
    with driver.connect(f"{sqlite_url}?mode=ro") as reader:
        assert reader.execute_batch(["SELECT 1", "SELECT * FROM t"]) == [1, 0]
        with pytest.raises(OperationalError, match="readonly"):
            reader.execute_batch(["SELECT 1", "INSERT INTO t (n) VALUES (1)"])


def test_sqlite_rolling_back_by_itself_ends_the_batch(sqlite_url: str) -> None:
    with driver.connect(sqlite_url) as conn:
        conn.script("CREATE TABLE t (n integer PRIMARY KEY)")
        with pytest.raises(UniqueViolation) as caught:
            conn.execute_batch(["INSERT INTO t (n) VALUES (1)", "INSERT OR ROLLBACK INTO t VALUES (1)", "SELECT 1"])
        assert caught.value.statement == 2
        assert conn.status is Status.IDLE
        assert conn.execute_batch(["INSERT INTO t (n) VALUES (1)", "SELECT 1"]) == [1, 1]
