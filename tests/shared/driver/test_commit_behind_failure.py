"""COMMIT that is sent behind a statement which has not failed yet: the server answers ROLLBACK, and no error."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from ferrow.errors import DataError, OperationalError
from tests.support import entered, maybe


@pytest.mark.parametrize("colour", ["async"])
async def test_a_commit_that_was_a_rollback_says_so(pg: Any) -> None:
    await maybe(pg.script("CREATE TABLE kept (n int)"))
    with pytest.raises(OperationalError, match="was not committed"):
        async with entered(pg.transaction()) as tx:
            await tx.execute("INSERT INTO kept VALUES (1)")
            failing = asyncio.ensure_future(tx.execute("SELECT 1 / 0"))
            await asyncio.sleep(0)  # it is on its way when the block ends
    with pytest.raises(DataError):
        await failing
    assert await pg.query("SELECT * FROM kept") == []
    assert str(pg.status) == "idle"


COMMITS = ["COMMIT", " commit;\n", "COMMIT WORK", "/* why */ END TRANSACTION", "PREPARE TRANSACTION 'a'"]


@pytest.mark.parametrize("sql", COMMITS)
async def test_a_script_that_commits_what_has_failed_says_so(pg: Any, sql: str) -> None:
    await maybe(pg.script("BEGIN"))
    with pytest.raises(DataError):
        await maybe(pg.script("SELECT 1 / 0"))
    with pytest.raises(OperationalError, match="was not committed"):
        await maybe(pg.script(sql))
    await maybe(pg.script("ROLLBACK"))  # nobody is told off for that


@pytest.mark.parametrize("sql", COMMITS)
async def test_a_statement_that_commits_what_has_failed_says_so(pg: Any, sql: str) -> None:
    cursor = pg.cursor()
    with pytest.raises(DataError):
        await maybe(cursor.execute("SELECT 1 / 0"))
    with pytest.raises(OperationalError, match="was not committed"):
        await maybe(cursor.execute(sql))
    assert str(pg.status) == "idle"
    await maybe(cursor.execute("ROLLBACK"))


@pytest.mark.parametrize("call", ["execute", "script"])
async def test_where_there_was_no_transaction_none_is_said_to_have_failed(pg: Any, call: str) -> None:
    with pytest.raises(OperationalError, match=r"nothing was prepared.*there was none"):
        await maybe(getattr(pg, call)("PREPARE TRANSACTION 'a'"))
    await maybe(getattr(pg, call)("COMMIT"))  # the server warns, no more
    assert str(pg.status) == "idle"


@pytest.mark.parametrize(
    "behind",
    [
        "BEGIN; INSERT INTO kept VALUES (2); ROLLBACK",
        "BEGIN; SAVEPOINT a; ROLLBACK TO a; INSERT INTO kept VALUES (2); ABORT",
    ],
)
async def test_a_rollback_further_on_in_a_script_is_another_transactions(pg: Any, behind: str) -> None:
    await maybe(pg.script("CREATE TABLE kept (n int)"))
    await maybe(pg.script("BEGIN; INSERT INTO kept VALUES (1)"))
    await maybe(pg.script(f"COMMIT; {behind}"))
    assert [row[0] for row in await maybe(pg.query("SELECT n FROM kept"))] == [1]
    await maybe(pg.script("BEGIN"))
    with pytest.raises(DataError):
        await maybe(pg.script("SELECT 1 / 0"))
    with pytest.raises(OperationalError, match="was not committed"):
        await maybe(pg.script(f"COMMIT; {behind}"))
