"""COMMIT and its kind as statements inside a transaction of an engine, on every database."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from ferrow.errors import ProgrammingError
from tests.support import ends, entered, escaping, maybe

on_mariadb = pytest.mark.only(backend="mariadb")


@pytest.mark.parametrize("call", ends.CALLS)
async def test_they_are_refused_and_nothing_is_lost(engine: Any, backend: str, call: str) -> None:
    await ends.refused(engine, backend, call)


async def test_parts_of_a_transaction_are_whose_they_were(engine: Any) -> None:
    await ends.parts_are_whose_they_were(engine)


async def test_in_a_pipeline_it_undoes_the_block(engine: Any) -> None:
    await ends.a_pipeline_undoes_its_block(engine, "COMMIT")


@on_mariadb
@pytest.mark.parametrize("sql", ends.COMMITTING.values(), ids=[*ends.COMMITTING])
async def test_behind_a_statement_that_commits_there_is_another_transaction(engine: Any, sql: str) -> None:
    await ends.what_follows_is_undone(engine, sql)


@on_mariadb
async def test_a_savepoint_that_went_with_it_is_told(engine: Any) -> None:
    await ends.a_savepoint_that_went_is_told(engine)


@on_mariadb
async def test_a_batch_goes_on_behind_a_statement_that_commits(engine: Any) -> None:
    await ends.a_batch_goes_on_behind_a_statement_that_commits(engine)


@on_mariadb
async def test_a_batch_commits_no_transaction_that_was_begun_by_hand(engine: Any) -> None:
    await maybe(engine.script("CREATE TABLE t (a int); CREATE TABLE u (a int)"))
    async with entered(engine.connection()) as conn:
        await maybe(conn.execute("BEGIN"))
        await maybe(conn.execute("INSERT INTO t VALUES (1)"))
        await ends.a_batch_commits_nothing_of_a_transaction_begun_by_hand(conn)
        await maybe(conn.execute("ROLLBACK"))
        assert await ends.numbers(conn) == []
        await maybe(conn.execute("BEGIN"))
        await ends.a_batch_stops_behind_what_has_committed_it(conn)
    assert await ends.numbers(engine) == [2]


@on_mariadb
async def test_a_batch_that_fails_behind_one_is_undone_as_far_as_that(engine: Any) -> None:
    await ends.a_batch_that_fails_behind_one_is_undone_as_far_as_that(engine)


@on_mariadb
async def test_warnings_stay_where_the_statement_commits(engine: Any) -> None:
    await ends.warnings_stay_where_the_statement_commits(engine)


@on_mariadb
@pytest.mark.parametrize("sql", ["CALL p()", "BEGIN NOT ATOMIC COMMIT; END", "EXECUTE IMMEDIATE 'COMMIT'"])
async def test_an_end_that_only_the_server_sees_is_told(engine: Any, mysql: bool, sql: str) -> None:
    if mysql and sql != "CALL p()":
        pytest.skip("MySQL does not know it")
    await ends.an_end_that_only_the_server_sees_is_told(engine, sql)


@on_mariadb
async def test_behind_an_end_that_nobody_saw_the_connection_is_as_any_other(engine: Any) -> None:
    await maybe(engine.execute("CREATE PROCEDURE p() BEGIN COMMIT; END"))
    async with entered(engine.connection()) as conn:
        with pytest.raises(ProgrammingError, match="nothing left to commit"):
            async with entered(conn.transaction()) as tx:
                await maybe(tx.execute("CREATE TABLE t (a int)"))
                with pytest.raises(ProgrammingError, match="ended the transaction"):
                    await maybe(tx.execute("CALL p()"))
        await maybe(conn.execute("BEGIN"))
        await maybe(conn.execute("INSERT INTO t VALUES (1)"))
        await maybe(conn.execute("ROLLBACK"))
        await maybe(conn.execute("DROP TABLE t"))
        await maybe(conn.execute("DROP PROCEDURE p"))
        assert conn.status == "idle"


@on_mariadb
async def test_who_shares_a_transaction_does_not_end_it_by_beginning_another(engine: Any) -> None:
    await maybe(engine.script("CREATE TABLE t (a int)"))
    async with entered(engine.connection()) as conn:
        for number in range(20):
            with pytest.raises(ends.Stop):
                async with entered(conn.transaction()) as tx:
                    await maybe(tx.execute(f"CREATE TABLE u{number} (a int)"))
                    await ends.at_once(*[partial(tx.execute, "INSERT INTO t VALUES (1)")] * 6)
                    raise ends.Stop
    assert await ends.numbers(engine) == []


@on_mariadb
@pytest.mark.parametrize("colour", ["async"])
async def test_what_is_asked_behind_a_statement_that_commits_waits_for_the_other_transaction(engine: Any) -> None:
    await engine.script("CREATE TABLE t (a int)")
    with pytest.raises(ends.Stop):
        async with engine.transaction() as tx:
            adding = partial(tx.execute, "INSERT INTO t VALUES (1)")
            await ends.at_once(partial(tx.execute, "CREATE TABLE u (a int)"), adding, adding)
            raise ends.Stop
    assert await ends.numbers(engine) == []


@pytest.mark.only(backend="postgresql")
async def test_an_end_is_found_as_the_session_reads_strings(engine: Any) -> None:
    await escaping.an_end_is_found_as_the_session_reads_it(engine)


@on_mariadb
async def test_statements_of_a_script_are_found_as_the_session_reads_strings(engine: Any) -> None:
    mode = "SET sql_mode = CONCAT(@@sql_mode, ',NO_BACKSLASH_ESCAPES')"
    await maybe(engine.script("CREATE TABLE t (a varchar(9) PRIMARY KEY)"))
    async with entered(engine.connection()) as conn:
        await maybe(conn.script(rf"{mode}; INSERT INTO t VALUES ('1\'); INSERT INTO t VALUES ('2;')"))
        await maybe(
            conn.script(r"SET sql_mode = ''; INSERT INTO t VALUES ('3\''); INSERT INTO t VALUES (" + r'"4\";")')
        )
        with pytest.raises(ends.Stop):
            async with entered(conn.transaction()) as tx:
                await maybe(tx.execute(r'SELECT "a\"?", ?', [1]))
                with pytest.raises(ProgrammingError, match="SET autocommit was not run"):
                    await maybe(tx.execute(r'SET @a = "x\"", autocommit = 0'))
                await maybe(tx.execute(r'SET @a = "x\", autocommit = 0"'))
                await maybe(tx.execute(r'INSERT INTO t VALUES ("5")'))
                raise ends.Stop
    assert [text for (text,) in await maybe(engine.query("SELECT a FROM t ORDER BY a"))] == ["1\\", "2;", "3'", '4";']
