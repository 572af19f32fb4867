"""What ends a transaction that a block began, and will end: statements that are refused, and those that commit in passing."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from typing import Any

import pytest

from ferrow.errors import DatabaseError, ProgrammingError
from tests.support import entered, items, mariadb, maybe

CALLS: dict[str, Callable[[Any, Any, str], Any]] = {
    "execute": lambda engine, tx, sql: tx.execute(sql),
    "query of the engine": lambda engine, tx, sql: engine.query(sql),
    "script": lambda engine, tx, sql: tx.script(sql),
    "among others": lambda engine, tx, sql: tx.script(f"INSERT INTO t VALUES (9); {sql}"),
    "stream": lambda engine, tx, sql: items(tx.stream(sql)),
}
_ALL = ["COMMIT", "/* why */ commit", "ROLLBACK", "BEGIN", "-- why\nROLLBACK"]
WORDS = {
    "sqlite": [*_ALL, "END", "ROLLBACK TRANSACTION"],
    "postgresql": [*_ALL, "END", "ABORT", "START TRANSACTION READ ONLY", "COMMIT AND CHAIN"],
    "mariadb": [
        *_ALL,
        "# why\nROLLBACK WORK",
        "/*!50000 COMMIT */",
        "/*M! START TRANSACTION */",
        "/*!99999 SELECT 1 */ COMMIT",
        "START TRANSACTION READ ONLY",
        "COMMIT AND CHAIN",
        "SET autocommit = 1",
        "SET SESSION sql_mode = '', autocommit=0",
        "XA START 'x'",
        "LOCK TABLES t WRITE",
    ],
}


def words(backend: str) -> list[str]:
    """Those that the server reads so: what MariaDB alone runs is a comment to MySQL."""
    return [sql for sql in WORDS[backend] if not (sql.startswith("/*M!") and mariadb.is_mysql())]


class Stop(Exception):
    pass


async def numbers(engine: Any) -> list[int]:
    return [row[0] for row in await maybe(engine.query("SELECT a FROM t ORDER BY a"))]


async def refused(engine: Any, backend: str, call: str) -> None:
    """They are, every time and in nested blocks too, and nothing is lost."""
    await maybe(engine.script("CREATE TABLE t (a int)"))
    for sql in words(backend):
        with pytest.raises(Stop):
            async with entered(engine.transaction()) as tx:
                await maybe(tx.execute("INSERT INTO t VALUES (1)"))
                await _refused(engine, tx, call, sql)
                async with entered(engine.transaction()) as inner:
                    await _refused(engine, inner, call, sql)
                await maybe(tx.execute("INSERT INTO t VALUES (2)"))
                raise Stop
        assert await numbers(engine) == [], sql
        async with entered(engine.transaction()) as tx:
            await maybe(tx.execute("INSERT INTO t VALUES (3)"))
        assert await numbers(engine) == [3], sql
        await maybe(engine.execute("DELETE FROM t"))


async def _refused(engine: Any, tx: Any, call: str, sql: str) -> None:
    for _ in range(2):  # known the second time
        with pytest.raises(ProgrammingError, match=r"was not run|gives no rows") as raised:
            await maybe(CALLS[call](engine, tx, sql))
        assert sql in (raised.value.query or sql)


async def parts_are_whose_they_were(engine: Any) -> None:
    await maybe(engine.script("CREATE TABLE t (a int)"))
    async with entered(engine.transaction()) as tx:
        await maybe(tx.script("SAVEPOINT b; INSERT INTO t VALUES (1); ROLLBACK TO b; RELEASE SAVEPOINT b"))
        await maybe(tx.execute("SAVEPOINT b"))
        await maybe(tx.execute("INSERT INTO t VALUES (2)"))
        await maybe(tx.execute("ROLLBACK TO SAVEPOINT b"))
        await maybe(tx.execute("INSERT INTO t VALUES (3)"))
    assert await numbers(engine) == [3]


async def a_pipeline_undoes_its_block(engine: Any, sql: str) -> None:
    await maybe(engine.script("CREATE TABLE t (a int)"))
    for queue in ("execute", "script"):
        with pytest.raises(ProgrammingError, match="was not run"):
            async with entered(engine.pipeline()) as pipe, entered(pipe.transaction()):
                pipe.execute("INSERT INTO t VALUES (1)")
                getattr(pipe, queue)(sql)
                pipe.execute("INSERT INTO t VALUES (2)")
    assert await numbers(engine) == []


COMMITTING = {
    "it works": "CREATE TABLE u (a int)",
    "it fails": "CREATE TABLE t (a int)",
    "it gives rows": "ANALYZE TABLE t",
    "it commits only here": "/*!40000 ALTER TABLE t ADD COLUMN b int */",
}
"""Of MariaDB."""


async def what_follows_is_undone(engine: Any, sql: str) -> None:
    await maybe(engine.script("CREATE TABLE t (a int)"))
    with pytest.raises(Stop):
        async with entered(engine.transaction()) as tx:
            await maybe(tx.execute("INSERT INTO t VALUES (1)"))
            with pytest.raises(DatabaseError, match="exists") if sql == COMMITTING["it fails"] else nullcontext():
                await maybe(tx.execute(sql))
            await maybe(tx.execute("INSERT INTO t (a) VALUES (2)"))
            raise Stop
    assert await numbers(engine) == [1], "it has committed what came before it"
    async with entered(engine.transaction()) as tx:
        await maybe(tx.execute("INSERT INTO t (a) VALUES (3)"))
        await maybe(tx.execute("CREATE TABLE v (a int)"))
    with pytest.raises(Stop):
        async with entered(engine.transaction()) as tx:
            await maybe(tx.execute("INSERT INTO t (a) VALUES (4)"))
            await maybe(tx.execute("DROP TABLE v"))
            raise Stop
    await maybe(engine.execute("INSERT INTO t (a) VALUES (5)"))
    assert await numbers(engine) == [1, 3, 4, 5]


async def a_savepoint_that_went_is_told(engine: Any) -> None:
    await maybe(engine.script("CREATE TABLE t (a int)"))
    with pytest.raises(
        DatabaseError, match=r"SAVEPOINT ferrow_1 does not exist: .* a statement that commits \(CREATE"
    ) as raised:
        async with entered(engine.transaction()) as tx:
            async with entered(engine.transaction()):
                await maybe(tx.execute("CREATE TABLE u (a int)"))
                await maybe(tx.execute("INSERT INTO t VALUES (1)"))
    assert raised.value.sqlstate == "3B001"
    assert await numbers(engine) == []


async def a_batch_goes_on_behind_a_statement_that_commits(engine: Any) -> None:
    await maybe(engine.script("CREATE TABLE t (a int)"))
    async with entered(engine.connection()) as conn:
        with pytest.raises(Stop):
            async with entered(conn.transaction()) as tx:
                batch = ["INSERT INTO t VALUES (1)", "CREATE TABLE u (a int)", "INSERT INTO t VALUES (2)"]
                assert await maybe(tx.execute_batch(batch)) == [1, 0, 1]
                assert await maybe(tx.execute_batch(["INSERT INTO t VALUES (2)", "DROP TABLE u"])) == [1, 0]
                await maybe(tx.execute("INSERT INTO t VALUES (3)"))
                raise Stop
        assert await numbers(conn) == [1, 2, 2]
        assert await maybe(conn.execute_batch(["CREATE TABLE u (a int)", "INSERT INTO t VALUES (4)"])) == [0, 1]
        assert conn.status == "idle"
    assert await numbers(engine) == [1, 2, 2, 4]


async def a_batch_commits_nothing_of_a_transaction_begun_by_hand(conn: Any) -> None:
    """`conn` is in one."""
    insert = "INSERT INTO t VALUES (2)"
    for sql in ("CREATE TABLE u (a int)", "/* */ DROP TABLE t", "CREATE OR REPLACE VIEW v AS SELECT 1"):
        with pytest.raises(ProgrammingError, match=r"(CREATE|DROP) commits .* before BEGIN") as raised:
            await maybe(conn.execute_batch([insert, sql, insert]))
        assert (raised.value.statement, raised.value.query) == (2, sql)
    temporary = ["CREATE TEMPORARY TABLE w (a int)", insert, "DROP TEMPORARY TABLE w"]
    assert await maybe(conn.execute_batch(temporary)) == [0, 1, 0]


async def a_batch_stops_behind_what_has_committed_it(conn: Any) -> None:
    """`conn` is in a transaction begun by hand."""
    insert = "INSERT INTO t VALUES (2)"
    with pytest.raises(ProgrammingError, match=r"TRUNCATE has committed .* not run") as raised:
        await maybe(conn.execute_batch([insert, "TRUNCATE u", insert]))
    assert raised.value.statement == 2
    assert not getattr(raised.value, "__notes__", [])


async def a_batch_that_fails_behind_one_is_undone_as_far_as_that(engine: Any) -> None:
    batch = ["CREATE TABLE u (a int)", "INSERT INTO t VALUES (1)", "INSERT INTO nowhere VALUES (1)"]
    await maybe(engine.script("CREATE TABLE t (a int)"))
    async with entered(engine.connection()) as conn:
        async with entered(conn.transaction()) as tx:
            with pytest.raises(ProgrammingError, match="nowhere") as raised:
                await maybe(tx.execute_batch(batch))
            await maybe(tx.execute("INSERT INTO t VALUES (2)"))
        assert raised.value.statement == 3
        assert raised.value.__notes__[-1] == "statement 1 has committed what came before it, as CREATE does here"
        with pytest.raises(DatabaseError, match="exists"):
            async with entered(conn.transaction()) as tx:
                await maybe(tx.execute_batch(["INSERT INTO t VALUES (3)", batch[0]]))
        assert await numbers(conn) == [2, 3]
        await maybe(conn.execute("DROP TABLE u"))
        with pytest.raises(ProgrammingError, match="nowhere"):
            await maybe(conn.execute_batch(["INSERT INTO t VALUES (4)", *batch]))
        assert conn.status == "idle"
    assert await numbers(engine) == [2, 3, 4]


async def warnings_stay_where_the_statement_commits(engine: Any) -> None:
    for sql in ("DROP TABLE IF EXISTS nowhere", "CHECK TABLE nowhere", "CREATE TABLE t (a nothing)"):
        async with entered(engine.transaction()) as tx:
            with nullcontext() if "nothing" not in sql else pytest.raises(DatabaseError):
                await maybe(tx.query(sql) if "CHECK" in sql else tx.execute(sql))
            found = await maybe(tx.query("SHOW WARNINGS"))
            assert len(found) == (0 if "CHECK" in sql else 1), sql
            await maybe(tx.query("SELECT 1"))


async def an_end_that_only_the_server_sees_is_told(engine: Any, sql: str) -> None:
    await maybe(engine.script("CREATE TABLE t (a int)"))
    await maybe(engine.execute("CREATE PROCEDURE p() BEGIN COMMIT; END"))
    try:
        with pytest.raises(ProgrammingError, match="nothing left to commit"):
            async with entered(engine.transaction()) as tx:
                await maybe(tx.execute("INSERT INTO t VALUES (1)"))
                with pytest.raises(ProgrammingError, match="ended the transaction of a transaction") as raised:
                    await maybe(tx.execute(sql))
                assert raised.value.query == sql
        assert await numbers(engine) == [1]
        with pytest.raises(Stop):
            async with entered(engine.transaction()) as tx:
                await maybe(tx.execute("INSERT INTO t VALUES (2)"))
                raise Stop
        assert await numbers(engine) == [1]
    finally:
        await maybe(engine.execute("DROP PROCEDURE p"))


async def at_once(*calls: Callable[[], Any]) -> None:
    """In tasks, or in threads."""
    if inspect.iscoroutinefunction(calls[0]):
        await asyncio.gather(*[call() for call in calls])
        return
    with ThreadPoolExecutor(len(calls)) as threads:
        for done in [threads.submit(call) for call in calls]:
            done.result()
