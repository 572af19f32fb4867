"""The settings of a transaction: its isolation level, for reading only, deferrable."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow.errors import DatabaseError, DataError, ProgrammingError
from tests.support import entered, maybe
from tests.support.numbered import TABLE, add, numbers


@pytest.fixture
def table(conn: Any, runner: Any) -> Any:
    runner.run(maybe(conn.script(TABLE)))
    return conn


LEVELS = ["READ UNCOMMITTED", "Read Committed", "repeatable read", "SERIALIZABLE"]


@pytest.mark.parametrize("level", LEVELS)
async def test_levels_in_any_case(table: Any, backend: str, level: str) -> None:
    async with entered(await maybe(table.begin())) as tx:
        await maybe(tx.set_isolation_level(level))
        if backend == "postgresql":
            assert await maybe(tx.query_one("SHOW transaction_isolation")) == (level.lower(),)
        await add(tx, 1)
    async with entered(await maybe(table.begin(isolation=level))) as tx:
        if backend == "postgresql":
            assert await maybe(tx.query_one("SHOW transaction_isolation")) == (level.lower(),)
    assert await numbers(table) == [1]


@pytest.mark.parametrize("level", ["", "snapshot", "serializable; DROP TABLE t", None, 1])
async def test_other_levels_are_refused_unsent(table: Any, level: Any) -> None:
    async with entered(await maybe(table.begin())) as tx:
        with pytest.raises(DataError, match=r"unknown isolation level .* Known: READ UNCOMMITTED"):
            await maybe(tx.set_isolation_level(level))
        await add(tx, 1)
    assert await numbers(table) == [1]


async def test_a_level_comes_before_the_first_statement(table: Any) -> None:
    async with entered(await maybe(table.begin())) as tx:
        await maybe(tx.set_isolation_level("serializable"))
        await maybe(tx.set_isolation_level("repeatable read"))
        await maybe(table.query("SELECT 1"))
        with pytest.raises(ProgrammingError, match=r"before the first statement .* begin\(isolation=\.\.\.\)"):
            await maybe(tx.set_isolation_level("serializable"))
        await add(tx, 1)  # refused without spoiling the transaction
    assert await numbers(table) == [1]


async def test_read_only(table: Any) -> None:
    with pytest.raises(DatabaseError, match=r"read-?only"):
        async with entered(await maybe(table.begin())) as tx:
            await maybe(tx.set_read_only(True))
            assert await numbers(tx) == []
            await add(tx, 1)
    await add(table, 2)
    async with entered(await maybe(table.begin())) as tx:
        await add(tx, 3)
        await maybe(tx.set_read_only(True))
        assert await numbers(tx) == [2, 3]
    await add(table, 4)
    assert await numbers(table) == [2, 3, 4]


async def test_writes_are_allowed_again_before_the_first_statement_only(table: Any) -> None:
    async with entered(await maybe(table.begin(readonly=True))) as tx:
        await maybe(tx.set_read_only(True))
        await maybe(tx.set_read_only(False))
        await maybe(tx.set_isolation_level("serializable"))
        await add(tx, 1)
        with pytest.raises(ProgrammingError, match="before the first statement"):
            await maybe(tx.set_read_only(False))
        await maybe(tx.set_read_only(True))
    assert await numbers(table) == [1]


async def begun(conn: Any, way: str, **options: Any) -> Any:
    return await maybe(conn.begin(**options)) if way == "begin" else conn.transaction(**options)


@pytest.mark.parametrize("way", ["begin", "transaction"])
async def test_a_transaction_that_was_begun_for_reading_refuses_writes(table: Any, way: str) -> None:
    with pytest.raises(DatabaseError, match=r"read-?only"):
        async with entered(await begun(table, way, readonly=True)) as tx:
            assert await numbers(tx) == []
            await add(tx, 1)
    async with entered(await begun(table, way)) as tx:
        await add(tx, 2)
    assert await numbers(table) == [2]


@pytest.mark.parametrize("way", ["begin", "transaction"])
async def test_each_option_reaches_the_server_for_one_transaction(pg: Any, way: str) -> None:
    names = ("isolation", "read_only", "deferrable")
    shown = "SELECT " + ", ".join(f"current_setting('transaction_{name}')" for name in names)
    usual = ("read committed", "off", "off")
    options: dict[str, Any] = {"isolation": "serializable", "readonly": True, "deferrable": True}
    for place, (option, value) in enumerate(options.items()):
        async with entered(await begun(pg, way, **{option: value})) as tx:
            said = "on" if value is True else value
            assert await maybe(tx.query_one(shown)) == (*usual[:place], said, *usual[place + 1 :])
        assert await maybe(pg.query_one(shown)) == usual
    async with entered(await begun(pg, way, **options)) as tx:
        assert await maybe(tx.query_one(shown)) == ("serializable", "on", "on")


@pytest.mark.parametrize("flag", [None, 1, "yes"])
async def test_read_only_is_a_bool(table: Any, flag: Any) -> None:
    async with entered(await maybe(table.begin())) as tx:
        with pytest.raises(DataError, match="takes True or False"):
            await maybe(tx.set_read_only(flag))


async def test_settings_belong_to_the_outermost_transaction(table: Any) -> None:
    async with entered(table.transaction()) as tx:
        async with entered(tx.transaction()) as inner:
            for call in (lambda: inner.set_isolation_level("serializable"), lambda: inner.set_read_only(True)):
                with pytest.raises(ProgrammingError, match="outermost"):
                    await maybe(call())


async def test_a_pooled_connection_writes_again(engine: Any) -> None:
    async with entered(engine.connection()) as conn:
        await maybe(conn.script("CREATE TABLE t (n integer PRIMARY KEY)"))
        tx = await maybe(conn.begin())
        await maybe(tx.set_read_only(True))  # and is left like that
    for number in range(3):
        await maybe(engine.execute("INSERT INTO t VALUES ($1)", [number]))
    async with entered(engine.connection()) as conn:
        assert await numbers(conn) == [0, 1, 2]
