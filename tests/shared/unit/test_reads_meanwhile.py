"""Which statements of a task wait for the beginning of a transaction that another one needs, and are waited for: what may write, by whatever it begins with."""

from __future__ import annotations

import asyncio
from contextvars import copy_context
from types import ModuleType
from typing import Any

import pytest

from ferrow import AsyncSession
from ferrow.engine.engine import AsyncEngine
from ferrow.orm.unit.block import Block
from tests.support.deadlines import eventually

pytestmark = [pytest.mark.parametrize("colour", ["async"]), pytest.mark.only(style="declarative", backend="postgresql")]

FIVE = "UPDATE items SET count = 5 WHERE id = 1"
WRITES = {
    "function": "SELECT five()",
    "comment": f"-- five\n{FIVE}",
    "with": f"WITH changed AS ({FIVE} RETURNING id) SELECT id FROM changed",
    "explain": f"EXPLAIN ANALYZE {FIVE}",
    "script": f"SELECT 1; {FIVE}",
}
READS = {
    "select": "SELECT count(*) FROM items",
    "comment": "/* how many */ SELECT count(*) FROM items",
    "with": "WITH found AS (SELECT id FROM items) SELECT count(*) FROM found",
    "table": "TABLE items",
    "parentheses": "(SELECT id FROM items) UNION (SELECT id FROM nodes)",
}


@pytest.mark.parametrize("sql", WRITES.values(), ids=WRITES)
async def test_what_writes_goes_into_the_transaction_that_is_about_to_begin(
    session: Any, engine: Any, models: ModuleType, monkeypatch: pytest.MonkeyPatch, sql: str
) -> None:
    await session.insert(models.Item(name="there"))
    await engine.execute(f"CREATE FUNCTION five() RETURNS void LANGUAGE sql AS '{FIVE}'")
    entered, tasks, outside = Block._entered, [], copy_context()
    async with AsyncSession(engine, autoflush=False) as own:

        async def call() -> None:
            await (own._engine.script(sql) if ";" in sql else own.execute_raw(sql))

        async def slow(block: Block, *options: Any) -> Any:
            scope = await entered(block, *options)
            tasks.append(asyncio.get_running_loop().create_task(call(), context=outside))
            await eventually("async", lambda: tasks[0].done() or own._engine.unit._quiet._waiting)
            return scope

        monkeypatch.setattr(Block, "_entered", slow)
        own.add(models.Item(name="first"))
        await own.flush()
        await tasks[0]
        await own.rollback()
    assert (await session.get(models.Item, 1)).count == 0


@pytest.mark.parametrize(
    "sql", [*READS.values(), *WRITES.values()], ids=[*READS, *[f"writing-{one}" for one in WRITES]]
)
async def test_nobody_waits_for_what_only_reads(
    session: Any, engine: Any, monkeypatch: pytest.MonkeyPatch, sql: str
) -> None:
    await engine.execute(f"CREATE FUNCTION five() RETURNS void LANGUAGE sql AS '{FIVE}'")
    async with AsyncSession(engine) as own:
        unit, waited_for = own._engine.unit, []

        def noting(sent: Any) -> Any:
            async def send(*given: Any) -> Any:
                waited_for.append(bool(unit._quiet._open))
                return await sent(*given)

            return send

        for name in ("run", "script"):
            monkeypatch.setattr(AsyncEngine, name, noting(getattr(AsyncEngine, name)))
        await (own._engine.script(sql) if ";" in sql else own.execute_raw(sql))
    assert waited_for == [sql in WRITES.values()]
