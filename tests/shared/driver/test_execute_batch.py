"""`execute_batch`: several statements, all of them or none, on both databases and in both colours."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from ferrow import driver
from ferrow.abc import Status
from ferrow.errors import (
    DatabaseError,
    DataError,
    ForeignKeyViolation,
    InterfaceError,
    NotSupportedError,
    OperationalError,
    ProgrammingError,
    UniqueViolation,
)
from tests.support import entered, keyboard, maybe

WRONG = "INSERT INTO nowhere VALUES (1)"


@pytest.fixture
def table(conn: Any, runner: Any) -> Any:
    runner.run(maybe(conn.script("CREATE TABLE t (n integer PRIMARY KEY, text text)")))
    return conn


async def numbers(conn: Any) -> list[int]:
    return [row[0] for row in await maybe(conn.query("SELECT n FROM t ORDER BY n"))]


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


@pytest.mark.parametrize(
    ("queries", "words"),
    [
        ("SELECT 1", "not one str: write \\[sql\\]"),
        (b"SELECT 1", "not bytes"),
        ({"SELECT 1": 1}, "not dict"),
        (None, "not NoneType"),
        (7, "not int"),
        (["SELECT 1", None], "statement 2 of the batch is NoneType"),
        (["SELECT 1", b"SELECT 1"], "statement 2 of the batch is bytes"),
        ([("INSERT INTO t (n) VALUES ($1)", [1])], "statement 1 of the batch is tuple, not str; .*run_many"),
    ],
)
async def test_what_is_no_list_of_texts_is_refused(table: Any, queries: Any, words: str) -> None:
    with pytest.raises(InterfaceError, match=words):
        await maybe(table.execute_batch(queries))


async def test_any_iterable_of_texts_will_do(table: Any) -> None:
    assert await maybe(table.execute_batch(())) == []
    assert await maybe(table.execute_batch(f"INSERT INTO t (n) VALUES ({n})" for n in range(3))) == [1, 1, 1]


async def test_empty_statements_count_nothing(table: Any) -> None:
    assert await maybe(table.execute_batch(["", "INSERT INTO t (n) VALUES (1);", "-- nothing", " ; "])) == [0, 1, 0, 0]
    assert await maybe(table.execute_batch([""])) == [0]
    assert await numbers(table) == [1]


@pytest.mark.parametrize(
    "command",
    ["BEGIN", "COMMIT", "end", "ROLLBACK", "SAVEPOINT a", "/* well */ release a", "; commit", "ROLLBACK TO a"],
)
@pytest.mark.parametrize("inside", [False, True])
async def test_what_would_end_the_batch_half_way_is_refused_unsent(table: Any, command: str, inside: bool) -> None:
    tx = await maybe(table.begin()) if inside else table
    with pytest.raises(ProgrammingError, match="one transaction already") as caught:
        await maybe(tx.execute_batch(["INSERT INTO t (n) VALUES (1)", command, WRONG]))
    assert (caught.value.statement, caught.value.query) == (2, command)
    assert table.status is (Status.TRANSACTION if inside else Status.IDLE)
    assert await numbers(table) == []


async def test_several_commands_in_one_text_are_refused(table: Any) -> None:
    several = "INSERT INTO t (n) VALUES (2); INSERT INTO t (n) VALUES (3)"
    with pytest.raises(ProgrammingError, match=r"multiple commands|several statements") as caught:
        await maybe(table.execute_batch(["INSERT INTO t (n) VALUES (1)", several]))
    assert (caught.value.statement, caught.value.query) == (2, several)
    assert await numbers(table) == []


@pytest.mark.parametrize("before", [[], ["INSERT INTO t (n) VALUES (1)"]])
async def test_placeholders_are_refused(table: Any, before: list[str]) -> None:
    with pytest.raises(ProgrammingError, match="take no parameters; run it with execute") as caught:
        await maybe(table.execute_batch([*before, "INSERT INTO t (n) VALUES ($1)"]))
    assert caught.value.statement == len(before) + 1
    assert await numbers(table) == []


@pytest.mark.parametrize(("text", "words"), [("SELECT '\0'", r"NUL|zero byte"), ("SELECT '\ud800'", "lone surrogate")])
async def test_texts_that_cannot_be_sent_are_refused_unsent(table: Any, text: str, words: str) -> None:
    with pytest.raises(ProgrammingError, match=words) as caught:
        await maybe(table.execute_batch(["INSERT INTO t (n) VALUES (1)", text]))
    assert caught.value.statement == 2
    assert await numbers(table) == []


async def test_what_no_transaction_can_hold_runs_alone_or_not_at_all(table: Any) -> None:
    assert await maybe(table.execute_batch(["VACUUM"])) == [0]
    for batch in (["VACUUM", "INSERT INTO t (n) VALUES (1)"], ["INSERT INTO t (n) VALUES (1)", "VACUUM"]):
        with pytest.raises(ProgrammingError, match=r"VACUUM.* transaction") as caught:
            await maybe(table.execute_batch(batch))
        assert caught.value.query == "VACUUM"
    assert await numbers(table) == []


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


# --- asyncio -------------------------------------------------------------------------------------------------------------


@pytest.mark.only(colour="async")
async def test_neighbours_keep_their_answers(table: Any) -> None:
    conn = table
    answers = await asyncio.gather(
        conn.execute_batch(["INSERT INTO t (n) VALUES (1)", WRONG]),
        conn.query_one("SELECT 41"),
        conn.execute_batch(["INSERT INTO t (n) VALUES (2)", "INSERT INTO t (n) VALUES (3)"]),
        conn.execute_batch(["SELECT 1", "SELECT 1 UNION ALL SELECT 2"]),
        conn.query_one("SELECT count(*) FROM t"),
        return_exceptions=True,
    )
    assert isinstance(answers[0], ProgrammingError)
    assert answers[1:] == [(41,), [1, 1], [1, 2], (2,)]


@pytest.mark.only(colour="async")
async def test_the_loop_goes_on_meanwhile(table: Any) -> None:
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    counting = asyncio.create_task(count())
    await table.execute_batch([f"INSERT INTO t (n) VALUES ({n})" for n in range(5000)])
    counting.cancel()
    assert turns > 2


SLOW = {
    "sqlite": "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 1000000000) SELECT count(*) FROM c",
    "postgresql": "SELECT pg_sleep(600)",
}


@pytest.mark.only(colour="async")
async def test_a_cancelled_batch_leaves_nothing(table: Any, backend: str) -> None:
    batch = asyncio.create_task(table.execute_batch(["INSERT INTO t (n) VALUES (1)", SLOW[backend], WRONG]))
    await asyncio.sleep(0.05)
    batch.cancel()
    with pytest.raises(asyncio.CancelledError):
        await batch
    assert await numbers(table) == []
    assert await table.execute_batch(["INSERT INTO t (n) VALUES (2)", "SELECT 1"]) == [1, 1]


# --- Ctrl-C --------------------------------------------------------------------------------------------------------------


@contextmanager
def interrupted_once(under_way: Callable[[], bool]) -> Iterator[None]:
    """Send SIGINT to this process as soon as the block is doing what `under_way` sees."""

    def watch() -> None:
        while not under_way():
            pass
        os.kill(os.getpid(), signal.SIGINT)

    watcher = threading.Thread(target=watch)
    with keyboard.listening(), pytest.raises(KeyboardInterrupt):
        watcher.start()
        try:
            yield
        finally:
            watcher.join()


INSERTS = [f"INSERT INTO t (n) VALUES ({n})" for n in range(300_000)]


@pytest.mark.postgresql
@pytest.mark.parametrize("position", [0, 1000, 150_000, 300_000])
def test_ctrl_c_undoes_a_batch(postgresql_url: str, position: int) -> None:
    """Most of it has not been sent when the server stops to read."""
    with driver.connect(postgresql_url) as conn, driver.connect(postgresql_url) as other:
        conn.script("CREATE TABLE t (n integer PRIMARY KEY)")
        other.query("SELECT pg_advisory_lock(1)")
        waits = "SELECT count(*) FROM pg_stat_activity WHERE pid = $1 AND wait_event = 'advisory'"
        pid = conn.info()["backend_pid"]
        batch = [*INSERTS[:position], "SELECT pg_advisory_lock(1)", *INSERTS[position:]]
        with interrupted_once(lambda: other.query_one(waits, [pid])[0] == 1):
            conn.execute_batch(batch)
        assert conn.query_one("SELECT count(*) FROM t") == (0,)
        assert conn.execute_batch(INSERTS[:10]) == [1] * 10


def test_ctrl_c_undoes_a_batch_of_sqlite(sqlite_url: str) -> None:
    """Also between statements none of which takes long."""
    with driver.connect(sqlite_url) as conn, driver.connect(f"{sqlite_url}?busy_timeout=0") as other:
        conn.script("CREATE TABLE t (n integer PRIMARY KEY); CREATE TABLE runs (n integer)")

        def under_way() -> bool:
            try:
                other.script("BEGIN IMMEDIATE; ROLLBACK")
            except driver.OperationalError:
                return True
            return False

        completed = 0
        batch = ["INSERT INTO runs VALUES (1)", "DELETE FROM t", *INSERTS]
        with interrupted_once(under_way):
            while True:  # the watcher sees it sooner or later
                conn.execute_batch(batch)
                completed += 1
        assert conn.query_one("SELECT count(*) FROM runs") == (completed,)
        assert conn.execute_batch(["DELETE FROM t", *INSERTS[:10]])[1:] == [1] * 10


# --- one database --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sql", ["COPY t FROM STDIN", "copy t to stdout", "COPY (SELECT 1) TO STDOUT (FORMAT csv)"])
async def test_copy_is_refused_unsent(pg: Any, sql: str) -> None:
    await maybe(pg.script("CREATE TABLE t (n integer)"))
    for batch in ([sql], ["INSERT INTO t (n) VALUES (1)", sql, "SELECT 1"]):
        with pytest.raises(NotSupportedError, match="COPY from STDIN or to STDOUT") as caught:
            await maybe(pg.execute_batch(batch))
        assert caught.value.query == sql
    assert await maybe(pg.execute_batch(["SELECT 1", "COPY t TO PROGRAM 'cat > /dev/null'"])) == [1, 0]
    assert await numbers(pg) == []


@pytest.mark.parametrize(
    "sql",
    ["CREATE DATABASE never", "CREATE INDEX CONCURRENTLY ON t (n)", "PREPARE TRANSACTION 'x'", "START TRANSACTION"],
)
async def test_what_commits_by_itself_is_refused(pg: Any, sql: str) -> None:
    await maybe(pg.script("CREATE TABLE t (n integer)"))
    for batch in ([sql, WRONG], ["INSERT INTO t (n) VALUES (1)", sql, WRONG]):
        with pytest.raises(ProgrammingError) as caught:
            await maybe(pg.execute_batch(batch))
        assert caught.value.query == sql
    assert await numbers(pg) == []
    assert pg.status is Status.IDLE


async def test_a_block_that_commits_inside_is_refused(pg: Any) -> None:
    await maybe(pg.script("CREATE TABLE t (n integer)"))
    block = "DO $$ BEGIN INSERT INTO t (n) VALUES (2); COMMIT; END $$"
    with pytest.raises(ProgrammingError, match="invalid transaction termination"):
        await maybe(pg.execute_batch(["INSERT INTO t (n) VALUES (1)", block, WRONG]))
    assert await numbers(pg) == []


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


@pytest.mark.postgresql
def test_a_lost_connection_in_a_batch(postgresql_url: str) -> None:
    with driver.connect(postgresql_url) as conn:
        with pytest.raises(OperationalError):
            conn.execute_batch(["SELECT 1", "SELECT pg_terminate_backend(pg_backend_pid())", "SELECT 1"])
        assert conn.is_closed()


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
