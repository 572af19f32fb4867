"""Collations in Python, by which SQLite orders and compares."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ferrow.errors import OperationalError, ProgrammingError
from tests.support import maybe
from tests.support.sqlite_values import value


def by_length(left: str, right: str) -> int:
    return len(left) - len(right)


async def test_a_collation_orders_and_compares(lite: Any) -> None:
    await maybe(lite.sqlite.create_collation("by_length", by_length))
    found = await maybe(
        lite.query("SELECT column1 FROM (VALUES ('ccc'), ('a'), ('öö')) ORDER BY column1 COLLATE by_length DESC")
    )
    assert [row[0] for row in found] == ["ccc", "öö", "a"]
    await maybe(lite.script("CREATE TABLE t (a TEXT COLLATE by_length UNIQUE); INSERT INTO t VALUES ('xx')"))
    assert await value(lite, "SELECT a FROM t WHERE a = 'yy'") == "xx"
    await maybe(lite.sqlite.create_collation("by_length", None))
    with pytest.raises(ProgrammingError, match="no such collation sequence"):
        await value(lite, "SELECT a FROM t ORDER BY a COLLATE by_length")


async def test_own_collations_stay(lite: Any) -> None:
    for name in ("decimal", "FERROW_x"):
        with pytest.raises(ProgrammingError, match="is one of Ferrow's own"):
            await maybe(lite.sqlite.create_collation(name, by_length))


def failing_after(calls: int) -> Callable[[str, str], int]:
    left = [calls]

    def compare(one: str, other: str) -> int:
        left[0] -= 1
        if left[0] < 0:
            raise ZeroDivisionError("enough")
        return (one > other) - (one < other)

    return compare


@pytest.mark.parametrize("inside", [False, True], ids=["alone", "in a transaction"])
@pytest.mark.parametrize(
    "write",
    [
        "INSERT INTO t VALUES ('d')",
        "INSERT INTO t SELECT 'x' || value FROM generate",
        "UPDATE t SET a = a || 'z'",
    ],
)
async def test_a_collation_that_fails_leaves_no_wrong_index(lite: Any, write: str, inside: bool) -> None:
    await maybe(lite.sqlite.create_collation("c", failing_after(10_000)))
    await maybe(
        lite.script(
            "CREATE TABLE t (a TEXT COLLATE c UNIQUE); INSERT INTO t VALUES ('a'), ('b'), ('c');"
            "CREATE VIEW generate AS WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < 50)"
            " SELECT value FROM n"
        )
    )
    await maybe(lite.sqlite.create_collation("c", failing_after(1)))
    tx = await maybe(lite.begin()) if inside else None
    with pytest.raises(OperationalError, match="the collation c raised ZeroDivisionError: enough") as caught:
        await maybe(lite.execute(write))
    assert isinstance(caught.value.__cause__, ZeroDivisionError)
    assert lite.status == ("failed" if inside else "idle")
    if tx is not None:
        with pytest.raises(ProgrammingError, match="ignored until ROLLBACK"):
            await maybe(tx.execute("SELECT 1"))
        await maybe(tx.rollback())
    await maybe(lite.sqlite.create_collation("c", failing_after(10_000)))
    assert await value(lite, "PRAGMA integrity_check") == "ok"
    assert [row[0] for row in await maybe(lite.query("SELECT a FROM t ORDER BY a"))] == ["a", "b", "c"]
    assert await maybe(lite.execute("INSERT INTO t VALUES ('e')")) == 1
