"""A decimal is a number on SQLite where it is compared before its column makes one of it: every text is greater than any number."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from ferrow.driver import Kinds, Shape
from ferrow.errors import DataError
from tests.support import maybe

LESS, MORE = Decimal("7.50"), Decimal("11.0")
UPSERT = "INSERT INTO t (id, n) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET n = max(excluded.n, n)"
SMALLEST = "UPDATE t SET n = min(?, n)"
LARGEST = "UPDATE t SET n = max(?, n)"


@pytest.mark.parametrize(
    "declared", ["numeric(10, 2)", "decimal", "integer", "money", "real", "decimal_text collate decimal"]
)
@pytest.mark.parametrize(
    ("sql", "value", "expected"),
    [
        (LARGEST, LESS, 10.5),
        (LARGEST, MORE, 11),
        (LARGEST, Decimal("1E+2"), 100),
        (LARGEST, Decimal("-Infinity"), 10.5),
        (SMALLEST, LESS, 7.5),
        (SMALLEST, MORE, 10.5),
        (SMALLEST, Decimal("0E+3"), 0),
        ("UPDATE t SET n = coalesce(min(n, ifnull(NULL, (?)), n), n)", LESS, 7.5),
        ("UPDATE t SET n = CASE WHEN 1 THEN max(n, iif(1, ?, n)) END", LESS, 10.5),
        ("UPDATE t SET n = coalesce(nullif(?, n), 3)", Decimal("10.50"), 3),
        (UPSERT, LESS, 10.5),
        (UPSERT, MORE, 11),
        ("INSERT INTO t SELECT 1, ? FROM t WHERE 1 ON CONFLICT (id) DO UPDATE SET n = min(n, excluded.n)", MORE, 10.5),
    ],
)  # fmt: skip
async def test_it_is_compared_as_the_number_it_is(
    lite: Any, declared: str, sql: str, value: Decimal, expected: float
) -> None:
    await maybe(lite.script(f"CREATE TABLE t (id integer PRIMARY KEY, n {declared})"))
    for run in (lite.execute, lambda sql, params: lite.run(sql, params, Shape.tuples(), Kinds(["decimal"]))):
        await maybe(lite.execute("INSERT OR REPLACE INTO t VALUES (1, ?)", [Decimal("10.5")]))
        if "nullif" in sql and declared.startswith("decimal_text"):
            value = Decimal("10.5")  # which is compared by its text there
        await maybe(run(sql, [value]))
        found = (await maybe(lite.query_one("SELECT n FROM t")))[0]
        assert Decimal(found) == Decimal(str(expected))


async def test_nan_is_greater_than_all_numbers_as_on_postgresql(lite: Any) -> None:
    await maybe(lite.script("CREATE TABLE t (id integer, n numeric); INSERT INTO t VALUES (1, 10)"))
    await maybe(lite.execute(SMALLEST, [Decimal("NaN")]))
    assert await maybe(lite.query_one("SELECT n FROM t")) == (10,)
    await maybe(lite.execute(LARGEST, [Decimal("NaN")]))
    assert str((await maybe(lite.query_one("SELECT n FROM t")))[0]) == "NaN"


async def test_another_column_that_keeps_its_digits_takes_another_parameter(lite: Any) -> None:
    await maybe(
        lite.script("CREATE TABLE t (n numeric, other numeric, digits text); INSERT INTO t VALUES (10, 10, '')")
    )
    with pytest.raises(DataError, match="one as a number and one with its digits: give it as two parameters"):
        await maybe(lite.execute("UPDATE t SET n = max(:n, n), digits = :n", {"n": LESS}))
    await maybe(lite.execute("UPDATE t SET n = max(:n, n), other = :n, digits = :digits", {"n": LESS, "digits": LESS}))
    assert await maybe(lite.query("SELECT * FROM t")) == [(10, LESS, "7.50")]
    await maybe(lite.execute("UPDATE t SET n = :n, digits = :n", {"n": LESS}))
    assert await maybe(lite.query("SELECT * FROM t")) == [(LESS, LESS, "7.50")]
