"""What only MariaDB and MySQL do: values of their own, and how they hang up."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from ferrow._core import Kinds, Shape
from ferrow.errors import DataError, OperationalError
from tests.support import entered, maybe
from tests.support.deadlines import eventually

pytestmark = pytest.mark.only(backend="mariadb")

LONGEST = timedelta(hours=838, minutes=59, seconds=59)
VALUES = {
    "bigint unsigned": [0, 2**63, 2**64 - 1],
    "bit(64)": [2**64 - 1],
    "time(6)": [LONGEST, -LONGEST, timedelta(hours=24), timedelta(microseconds=-1)],
}


@pytest.mark.parametrize("column", VALUES)
async def test_what_is_read_can_be_written(engine: Any, column: str) -> None:
    await maybe(engine.script(f"CREATE TABLE own (a {column})"))
    for value in VALUES[column]:
        await maybe(engine.execute("INSERT INTO own VALUES (?)", [value]))
        ((found,),) = await maybe(engine.query("SELECT a FROM own WHERE a = ?", [value]))
        assert found == (value.to_bytes(8) if column == "bit(64)" else value)
        await maybe(engine.execute("INSERT INTO own VALUES (?)", [found]))
        assert (await maybe(engine.execute("DELETE FROM own WHERE a = ?", [value]))).rowcount == 2


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("uuid", "'abc'"), ("int", "'abc'"), ("float", "'abc'"), ("decimal", "'abc'"), ("json", "'abc'"), ("text", "x'ff'"),
        ("list:int", "'[1'"), ("list:uuid", "'[\"abc\"]'"), ("list:uuid", "'1'"), ("time", "'abc'"),
        ("time", "'24:00:00'"), ("bool", "5"), ("bool", "-1"), ("bool", "'true'"),
    ],
)  # fmt: skip
async def test_a_value_that_is_not_what_its_column_promises_names_the_column(
    engine: Any, kind: str, value: str
) -> None:
    sql = f"SELECT 1 AS a, {value} AS b UNION ALL SELECT 2, {value}"
    shape = Shape.tuples(Kinds(["int", kind]))
    async with entered(engine.connection()) as conn:
        with pytest.raises(DataError, match=r"column 'b'|the time '(abc|24:00:00)' is outside a day"):
            await maybe(conn.run(sql, None, shape))
        assert (await maybe(conn.query_one("SELECT 1")))[0] == 1


@pytest.mark.parametrize("value", [2**64, LONGEST + timedelta(seconds=1)])
async def test_what_no_column_takes_is_refused(engine: Any, value: Any) -> None:
    with pytest.raises(DataError, match="does not fit"):
        await maybe(engine.query("SELECT ?", [value]))


@pytest.mark.parametrize("words", ["ON DUPLICATE KEY UPDATE", "on duplicate key update", "ON DUPLICATE\n KEY UPDATE"])
async def test_an_upsert_counts_its_row_once_however_it_is_written(engine: Any, words: str) -> None:
    await maybe(engine.script("CREATE TABLE own (id integer PRIMARY KEY, a integer)"))
    for value in (1, 2, 2):
        done = await maybe(engine.execute(f"INSERT INTO own VALUES (1, ?) {words} a = VALUES(a)", [value]))
        assert done.rowcount == 1


@pytest.mark.parametrize("key", [-5, 2**63])
async def test_a_key_that_may_be_less_than_zero(engine: Any, key: int) -> None:
    async with entered(engine.connection()) as conn:
        column = "bigint" if key < 0 else "bigint unsigned"
        await maybe(conn.script(f"CREATE TABLE own (id {column} AUTO_INCREMENT PRIMARY KEY)"))
        assert (await maybe(conn.execute("INSERT INTO own VALUES (?)", [key]))) == 1
        assert (await maybe(conn.query_one("SELECT id FROM own")))[0] == key


async def test_an_integer_that_no_float_can_hold_is_refused(engine: Any) -> None:
    async with entered(engine.connection()) as conn:
        with pytest.raises(DataError, match="parameter 1: MySQL has no inf"):
            await maybe(conn.run("SELECT ?", [10**400], Shape.tuples(), Kinds(["float"])))


async def test_a_connection_that_was_ended_while_idle_is_lent_to_nobody(engine: Any, colour: str) -> None:
    async with entered(engine.connection()) as killer:
        async with entered(engine.connection()) as conn:
            wire = conn.wire.inner
            pid = wire.backend_pid
            assert wire.probe()
        await maybe(killer.execute(f"KILL {pid}"))
        await eventually(colour, lambda: not wire.probe())
        for _ in range(3):
            assert (await maybe(engine.query("SELECT CONNECTION_ID()")))[0][0] != pid


async def test_a_statement_that_is_too_large_ends_its_connection(engine: Any) -> None:
    await maybe(engine.script("CREATE TABLE own (a longtext)"))
    ((limit,),) = await maybe(engine.query("SELECT @@max_allowed_packet"))
    for _ in range(2):
        with pytest.raises(OperationalError, match="max_allowed_packet") as raised:
            await maybe(engine.execute("INSERT INTO own VALUES (?)", ["x" * limit]))
        assert raised.value.sqlstate == "54000"
        assert "in several pieces" in (raised.value.hint or "")
        assert (await maybe(engine.query("SELECT count(*) FROM own")))[0][0] == 0
    async with entered(engine.connection()) as conn:
        with pytest.raises(OperationalError, match="max_allowed_packet"):
            async with entered(conn.transaction()) as tx:
                await maybe(tx.execute("INSERT INTO own VALUES ('y')"))
                await maybe(tx.execute("INSERT INTO own VALUES (?)", ["x" * limit]))
        assert conn.is_closed()
    assert (await maybe(engine.query("SELECT count(*) FROM own")))[0][0] == 0
