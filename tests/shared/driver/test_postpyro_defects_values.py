"""What PostPyro's implementation gets wrong of values, F-D4 to F-D6 of its review: each test is named after a finding."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from ferrow import driver
from tests.support import maybe

VALUES: list[tuple[str, Any]] = [
    ("numeric", Decimal("12345678901234567890.123456789")),
    ("date", date(2023, 12, 25)),
    ("time", time(14, 30, 0, 1)),
    ("timestamp", datetime(2023, 12, 25, 14, 30, 0, 123456)),
    ("timestamptz", datetime(2023, 12, 25, 14, 30, tzinfo=UTC)),
    ("uuid", UUID("550e8400-e29b-41d4-a716-446655440000")),
    ("json", {"key": ["value", None]}),
    ("jsonb", [1, 2, {"three": 3.5}]),
    ("integer[]", [1, None, 3]),
    ("text[]", ["a", "", "ü"]),
    ("bytea", b"\x00\xff"),
    ("inet", "192.168.1.1"),
    ("cidr", "192.168.0.0/24"),
]


@pytest.mark.parametrize(("type_name", "value"), VALUES, ids=[name for name, _ in VALUES])
async def test_f_d4_no_type_is_read_as_none(pg: Any, type_name: str, value: Any) -> None:
    assert (await maybe(pg.query_one(f"SELECT $1::{type_name}", [value])))[0] == value


async def test_f_d4_nor_is_a_value_that_cannot_be_read(pg: Any) -> None:
    await maybe(pg.script("CREATE TYPE mood AS ENUM ('sad', 'happy')"))
    assert (await maybe(pg.query_one("SELECT 'happy'::mood")))[0] == "happy"
    assert (await maybe(pg.query_one("SELECT interval '2 hours'")))[0] is not None
    with pytest.raises(driver.DataError):
        await maybe(pg.query_one("SELECT 'infinity'::date"))


@pytest.mark.parametrize(
    ("type_name", "value"),
    [
        ("smallint", -(2**15)),
        ("integer", 2**31 - 1),
        ("bigint", 2**63 - 1),
        ("numeric", 7),
        ("double precision", 0.1 + 0.2),
        ("double precision", 1),
        ("boolean", True),
    ],
)
async def test_f_d5_numbers_are_sent_as_the_column_takes_them(pg: Any, type_name: str, value: Any) -> None:
    await maybe(pg.script(f"CREATE TABLE t (c {type_name})"))
    await maybe(pg.execute("INSERT INTO t VALUES ($1)", [value]))
    assert await maybe(pg.query_one("SELECT c, c = $1 FROM t", [value])) == (value, True)


@pytest.mark.parametrize("type_name", ["integer", "text", "jsonb", "uuid", "date", "integer[]", "bytea", "boolean"])
async def test_f_d5_none_is_null_everywhere(pg: Any, type_name: str) -> None:
    await maybe(pg.script(f"CREATE TABLE t (c {type_name})"))
    await maybe(pg.execute("INSERT INTO t VALUES ($1)", [None]))
    assert await maybe(pg.query_one("SELECT c, c IS NULL FROM t")) == (None, True)


async def test_f_d5_the_documents_eight_columns(pg: Any) -> None:
    await maybe(pg.script("CREATE TABLE t (a bool, b int, c float8, d text, e date, f timestamp, g uuid, h jsonb)"))
    values = [True, 42, 3.14159, "Hello", date(2023, 12, 25), datetime(2023, 12, 25, 14, 30), uuid4(), {"name": "J"}]
    await maybe(pg.execute("INSERT INTO t VALUES ($1, $2, $3, $4, $5, $6, $7, $8)", values))
    assert (await maybe(pg.query_one("SELECT * FROM t"))).values() == values


async def test_f_d6_nulls_microseconds_and_zones_come_back(pg: Any) -> None:
    await maybe(pg.script("CREATE TABLE t (a smallint, b timestamp, c timestamptz, d integer[])"))
    naive = datetime(2023, 12, 25, 14, 30, 0, 123456)
    aware = datetime(2023, 12, 25, 14, 30, 0, 654321, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    insert = "INSERT INTO t VALUES ($1, $2, $3, $4)"
    await maybe(pg.execute(insert, [1, naive, aware, [1, 2]]))
    await maybe(pg.execute(insert, [None, None, None, None]))
    full, empty = await maybe(pg.query("SELECT * FROM t ORDER BY a"))
    assert full == (1, naive, aware, [1, 2])
    assert full[1].tzinfo is None
    assert full[2].utcoffset() is not None
    assert empty == (None, None, None, None)
