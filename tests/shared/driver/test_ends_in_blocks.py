"""COMMIT and its kind as statements inside a transaction that a block began, and will end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ferrow.errors import ProgrammingError
from tests.support import entered, items, maybe

pytestmark = pytest.mark.only(backend=("postgresql", "sqlite"))

CALLS: dict[str, Callable[[Any, Any, str], Any]] = {
    "execute": lambda conn, tx, sql: tx.execute(sql),
    "query of the connection": lambda conn, tx, sql: conn.query(sql),
    "script": lambda conn, tx, sql: tx.script(sql),
    "script of the connection": lambda conn, tx, sql: conn.script(sql),
    "cursor": lambda conn, tx, sql: conn.cursor().execute(sql),
}
WORDS = ["COMMIT", "/* why */ commit", "END", "ROLLBACK", "BEGIN", "ROLLBACK TRANSACTION"]
ONLY_POSTGRESQL = [
    "ABORT",
    "START TRANSACTION READ ONLY",
    "COMMIT AND CHAIN",
    "ROLLBACK AND CHAIN",
    "PREPARE TRANSACTION 'x'",
]


@pytest.fixture
def table(conn: Any, runner: Any) -> Any:
    runner.run(maybe(conn.script("CREATE TABLE t (a int)")))
    return conn


async def count(conn: Any) -> int:
    found: int = (await maybe(conn.query_one("SELECT count(*) FROM t")))[0]
    return found


async def refused(conn: Any, tx: Any, call: str, sql: str) -> None:
    for _ in range(2):  # known the second time
        with pytest.raises(ProgrammingError, match="was not run") as raised:
            await maybe(CALLS[call](conn, tx, sql))
        assert raised.value.query == sql
        assert conn.status == "transaction"


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("sql", WORDS + ONLY_POSTGRESQL)
async def test_it_is_refused_and_nothing_is_lost(table: Any, backend: str, call: str, sql: str) -> None:
    if backend == "sqlite" and sql in ONLY_POSTGRESQL:
        return
    with pytest.raises(ZeroDivisionError):
        async with entered(table.transaction()) as tx:
            await maybe(tx.execute("INSERT INTO t VALUES (1)"))
            await refused(table, tx, call, sql)
            async with entered(tx.transaction()):
                await refused(table, tx, call, sql)
            await maybe(tx.execute("INSERT INTO t VALUES (2)"))
            raise ZeroDivisionError
    assert await count(table) == 0
    tx = await maybe(table.begin())
    await maybe(tx.execute("INSERT INTO t VALUES (3)"))
    await refused(table, tx, call, sql)
    await maybe(tx.commit())
    assert await count(table) == 1


async def test_a_stream_of_it_is_refused(table: Any) -> None:
    async with entered(table.transaction()) as tx:
        with pytest.raises(ProgrammingError, match=r"COMMIT (was not run|gives no rows)"):
            await items(tx.stream("COMMIT"))
        assert table.status == "transaction"


@pytest.mark.parametrize(
    "sql", ["INSERT INTO t VALUES (1); COMMIT; INSERT INTO t VALUES (2)", "ROLLBACK; BEGIN", "COMMIT;"]
)
async def test_in_the_middle_of_a_script(table: Any, sql: str) -> None:
    with pytest.raises(ProgrammingError, match="was not run"):
        async with entered(table.transaction()) as tx:
            await maybe(tx.script(sql))
    assert await count(table) == 0


async def test_parts_of_a_transaction_are_whose_they_were(table: Any) -> None:
    async with entered(table.transaction()) as tx:
        await maybe(tx.script("SAVEPOINT a; INSERT INTO t VALUES (1); ROLLBACK TO a; RELEASE a"))
        await maybe(tx.execute("SAVEPOINT a"))
        await maybe(tx.execute("INSERT INTO t VALUES (2)"))
        await maybe(tx.execute("ROLLBACK TO SAVEPOINT a"))
        await maybe(tx.execute("RELEASE SAVEPOINT a"))
        await maybe(tx.execute("INSERT INTO t VALUES (3)"))
    assert await count(table) == 1


async def test_outside_of_blocks_they_are_statements_like_any_other(table: Any) -> None:
    async with entered(table.transaction(readonly=True)):
        pass
    for run in (table.script, table.execute):
        await maybe(run("BEGIN"))
        await maybe(table.execute("INSERT INTO t VALUES (1)"))
        await maybe(run("COMMIT"))
    cursor = table.cursor()
    await maybe(cursor.execute("INSERT INTO t VALUES (2)"))
    await maybe(cursor.execute("COMMIT"))
    await maybe(table.rollback())
    assert await count(table) == 3


@pytest.mark.parametrize("sql", ["COMMIT", "END"])
async def test_in_a_pipeline_it_undoes_the_block(table: Any, sql: str) -> None:
    for queue in ("execute", "script"):
        with pytest.raises(ProgrammingError, match="was not run"):
            async with entered(table.pipeline()) as pipe, entered(pipe.transaction()):
                pipe.execute("INSERT INTO t VALUES (1)")
                getattr(pipe, queue)(sql)
                pipe.execute("INSERT INTO t VALUES (2)")
    assert await count(table) == 0


async def test_calls_of_an_engine_join_its_block(engine: Any) -> None:
    await maybe(engine.script("CREATE TABLE t (a int)"))
    with pytest.raises(ProgrammingError, match="COMMIT was not run"):
        async with entered(engine.transaction()) as tx:
            await maybe(tx.execute("INSERT INTO t VALUES (1)"))
            await maybe(engine.script("COMMIT"))
    async with entered(engine.connection()) as conn:
        assert await count(conn) == 0


@pytest.mark.only(backend="postgresql")
async def test_an_end_that_only_the_server_sees_is_told(table: Any) -> None:
    """What is taken for the body of a function has statements of its own."""
    with pytest.raises(ProgrammingError, match="nothing left to commit"):
        async with entered(table.transaction()) as tx:
            await maybe(tx.execute("INSERT INTO t VALUES (1)"))
            with pytest.raises(ProgrammingError, match="ended the transaction of a transaction"):
                await maybe(tx.script("SELECT t.begin atomic FROM (SELECT 1 AS begin) t; COMMIT"))
            assert table.status == "idle"
    assert await count(table) == 1
    async with entered(table.transaction()) as tx:
        await maybe(tx.execute("INSERT INTO t VALUES (2)"))
    assert await count(table) == 2


@pytest.mark.only(backend="sqlite")
async def test_what_sqlite_rolls_back_by_itself_is_told_as_such(table: Any) -> None:
    await maybe(table.script("CREATE UNIQUE INDEX one ON t (a); INSERT INTO t VALUES (1)"))
    tx = await maybe(table.begin())
    with pytest.raises(Exception, match="UNIQUE"):
        await maybe(tx.execute("INSERT OR ROLLBACK INTO t VALUES (1)"))
    with pytest.raises(ProgrammingError, match="SQLite has rolled it back"):
        await maybe(tx.execute("INSERT INTO t VALUES (2)"))
    with pytest.raises(Exception, match="everything was rolled back"):
        await maybe(tx.commit())
    assert await count(table) == 1
