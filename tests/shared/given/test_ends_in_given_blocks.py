"""COMMIT and its kind as statements inside a transaction of an engine over a connection that another driver has opened."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow.errors import ProgrammingError
from tests.support import ends, entered, escaping, maybe
from tests.support.given import PAIRS, Way, begin

on_mariadb = pytest.mark.only(pair=tuple([pair.values[0] for pair in PAIRS if pair.values[0][0].backend == "mariadb"]))


@pytest.mark.parametrize("call", ends.CALLS)
async def test_they_are_refused_and_nothing_is_lost(engine: Any, backend: str, call: str) -> None:
    await ends.refused(engine, backend, call)


async def test_parts_of_a_transaction_are_whose_they_were(engine: Any) -> None:
    await ends.parts_are_whose_they_were(engine)


async def test_in_a_pipeline_it_undoes_the_block(engine: Any) -> None:
    await ends.a_pipeline_undoes_its_block(engine, "COMMIT")


@pytest.mark.parametrize("call", ends.CALLS)
async def test_in_a_transaction_of_the_program_as_well(engine: Any, conn: Any, way: Way, call: str) -> None:
    await maybe(engine.script("CREATE TABLE t (a int)"))
    await begin(conn, way, "INSERT INTO t VALUES (1)")
    async with entered(engine.transaction()) as tx:
        await maybe(tx.execute("INSERT INTO t VALUES (2)"))
        for sql in ends.words(way.backend):
            with pytest.raises(ProgrammingError, match=r"was not run|gives no rows"):
                await maybe(ends.CALLS[call](engine, tx, sql))
    if way.name == "sqlite3-autocommit":  # whose own rollback() does nothing
        conn.execute("ROLLBACK")
    else:
        await maybe(conn.rollback())
    assert await ends.numbers(engine) == []


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
async def test_a_batch_commits_no_transaction_of_the_program(engine: Any, conn: Any, way: Way) -> None:
    await maybe(engine.script("CREATE TABLE t (a int); CREATE TABLE u (a int)"))
    await begin(conn, way, "INSERT INTO t VALUES (1)")
    async with entered(engine.connection()) as ours:
        await ends.a_batch_commits_nothing_of_a_transaction_begun_by_hand(ours)
    await maybe(conn.rollback())
    assert await ends.numbers(engine) == []
    await begin(conn, way, "DELETE FROM t")
    async with entered(engine.connection()) as ours:
        await ends.a_batch_stops_behind_what_has_committed_it(ours)
    assert await ends.numbers(engine) == [2]


@on_mariadb
async def test_a_batch_that_fails_behind_one_is_undone_as_far_as_that(engine: Any) -> None:
    await ends.a_batch_that_fails_behind_one_is_undone_as_far_as_that(engine)


@on_mariadb
async def test_warnings_stay_where_the_statement_commits(engine: Any, way: Way, mysql: bool) -> None:
    if mysql and way.module == "MySQLdb":
        pytest.skip("it does not know whether a transaction is open, and MySQL forgets them when it is asked")
    await ends.warnings_stay_where_the_statement_commits(engine)


@on_mariadb
@pytest.mark.parametrize("sql", ["CALL p()", "BEGIN NOT ATOMIC COMMIT; END", "EXECUTE IMMEDIATE 'COMMIT'"])
async def test_an_end_that_only_the_server_sees_is_told(engine: Any, mysql: bool, sql: str) -> None:
    if mysql and sql != "CALL p()":
        pytest.skip("MySQL does not know it")
    await ends.an_end_that_only_the_server_sees_is_told(engine, sql)


@pytest.mark.only(pair=tuple([pair.values[0] for pair in PAIRS if pair.values[0][0].backend == "postgresql"]))
async def test_an_end_is_found_as_the_session_reads_strings(engine: Any) -> None:
    await escaping.an_end_is_found_as_the_session_reads_it(engine)
