"""Prepared statements that one of several users of a connection has the server forget: the others do not notice."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from ferrow import driver
from tests.support import entered, maybe

pytestmark = pytest.mark.postgresql

FORGETS = ["DEALLOCATE ALL", "/* all */ deallocate prepare all", "DISCARD PLANS"]
WAYS: list[tuple[str, Any]] = [
    *((how, text) for text in FORGETS for how in ("execute", "script")),
    ("script", "SELECT 1; DEALLOCATE ALL"),
    ("execute_batch", ["DEALLOCATE ALL"]),
    ("execute_batch", ["SELECT 1", "/* all */ DISCARD PLANS; ", "DEALLOCATE ALL", "SELECT 2"]),
]
SQL = "SELECT $1::int + 1"


@pytest.mark.parametrize(("how", "forgets"), WAYS)
async def test_tasks_in_one_transaction(postgresql_url: str, how: str, forgets: Any) -> None:
    """An error would cost all of them the transaction."""
    async with driver.AsyncConnection(postgresql_url) as pg, pg.transaction() as tx:
        await tx.query(SQL, [0])
        async with asyncio.TaskGroup() as tasks:
            before = tasks.create_task(tx.query_one(SQL, [1]))
            tasks.create_task(getattr(tx, how)(forgets))
            after = [tasks.create_task(tx.query_one(SQL, [n])) for n in (2, 3)]
        assert [before.result()[0], *(task.result()[0] for task in after)] == [2, 3, 4]
        assert (await tx.query_one(SQL, [4]))[0] == 5


@pytest.mark.parametrize("forgets", FORGETS)
@pytest.mark.parametrize("block", ["pipeline", "transaction and pipeline"])
async def test_a_pipeline(pg: Any, block: str, forgets: str) -> None:
    await maybe(pg.script("CREATE TABLE t (n integer)"))
    insert = "INSERT INTO t VALUES ($1)"
    for n in range(2):
        await maybe(pg.query(SQL, [n]))
        await maybe(pg.execute(insert, [n]))
    if block == "pipeline":
        await piped(pg, insert, forgets)
    else:
        async with entered(pg.transaction()):
            await piped(pg, insert, forgets)
    assert [row[0] for row in await maybe(pg.query("SELECT n FROM t ORDER BY n"))] == [0, 1, 5, 6]


async def piped(pg: Any, insert: str, forgets: str) -> None:
    async with entered(pg.pipeline()) as pipe:
        first = pipe.execute(insert, [5])
        forgotten = pipe.execute(forgets)
        read = pipe.query_one(SQL, [7])
        last = pipe.execute(insert, [6])
    assert (await maybe(first.result()), await maybe(last.result())) == (1, 1)
    assert await maybe(forgotten.result()) == 0
    assert (await maybe(read.result()))[0] == 8
