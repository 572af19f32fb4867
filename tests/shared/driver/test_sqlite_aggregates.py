"""Aggregates and window functions in Python, called by SQL: one object per group, and nothing left behind."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow.errors import OperationalError, ProgrammingError
from tests.support import maybe
from tests.support.sqlite_values import value


class Product:
    made = 0

    def __init__(self) -> None:
        type(self).made += 1
        self.product = 1

    def step(self, *values: int) -> None:
        for each in values:
            self.product *= each

    def inverse(self, *values: int) -> None:
        for each in values:
            self.product //= each

    def value(self) -> int:
        return self.product

    def finalize(self) -> int:
        return self.product


async def test_an_aggregate_has_one_object_per_group(lite: Any) -> None:
    await maybe(lite.sqlite.create_aggregate("product", Product))
    Product.made = 0
    found = await maybe(lite.query("SELECT column1 % 2, product(column1) FROM (VALUES (1), (2), (3), (4)) GROUP BY 1"))
    assert [tuple(row) for row in found] == [(0, 8), (1, 3)]
    assert Product.made == 2
    assert await value(lite, "SELECT product(a) FROM (SELECT 1 AS a WHERE false)") == 1
    await maybe(lite.sqlite.create_aggregate("product", None))
    with pytest.raises(ProgrammingError, match="no such function"):
        await value(lite, "SELECT product(1)")


async def test_a_window_function(lite: Any) -> None:
    await maybe(lite.sqlite.create_window_function("product", Product, arguments=1))
    found = await maybe(
        lite.query(
            "SELECT product(column1) OVER (ORDER BY column1 ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING)"
            " FROM (VALUES (1), (2), (3), (4))"
        )
    )
    assert [row[0] for row in found] == [2, 6, 24, 12]
    assert await value(lite, "SELECT product(column1) FROM (VALUES (2), (5))") == 10


@pytest.mark.parametrize("broken", ["__init__", "step", "inverse", "value", "finalize"])
async def test_a_method_that_raises_is_named_and_nothing_leaks(lite: Any, broken: str) -> None:
    class Broken(Product):
        pass

    def fail(self: Any, *values: Any) -> Any:
        raise LookupError(broken)

    setattr(Broken, broken, fail)
    await maybe(lite.sqlite.create_window_function("broken", Broken))
    sql = (
        "SELECT broken(column1) FROM (VALUES (1), (2), (3))"
        if broken == "finalize"
        else "SELECT broken(column1) OVER (ROWS 1 PRECEDING) FROM (VALUES (1), (2), (3))"
    )
    for _ in range(3):
        with pytest.raises(OperationalError, match=rf"the function broken\(\) raised LookupError: {broken}"):
            await maybe(lite.query(sql))
    assert await value(lite, "SELECT 1") == 1


@pytest.mark.parametrize("missing", ["step", "finalize"])
async def test_a_class_without_a_method_is_refused(lite: Any, missing: str) -> None:
    cls = type("Short", (), {name: lambda self: 1 for name in {"step", "finalize"} - {missing}})
    with pytest.raises(ProgrammingError, match=rf"Short has no {missing}\(\)"):
        await maybe(lite.sqlite.create_aggregate("short", cls))
    with pytest.raises(ProgrammingError, match=r"needs step\(\), inverse\(\), value\(\), finalize\(\)"):
        await maybe(lite.sqlite.create_window_function("short", cls))


async def test_an_aggregate_that_is_cut_off_says_nothing(lite: Any) -> None:
    """SQLite finalizes what an open group leaves behind."""

    class Loud(Product):
        def finalize(self) -> int:
            raise ZeroDivisionError

    await maybe(lite.sqlite.create_aggregate("loud", Loud))
    await maybe(lite.sqlite.create_function("fail", lambda x: 1 // 0))
    with pytest.raises(OperationalError, match=r"the function fail\(\) raised"):
        await maybe(lite.query("SELECT loud(fail(column1)) FROM (VALUES (1), (2))"))
    assert await value(lite, "SELECT 1") == 1


@pytest.mark.parametrize("create", ["create_function", "create_aggregate", "create_window_function"])
async def test_what_sqlite_is_told_of_it(lite: Any, create: str) -> None:
    deterministic, directonly = 0x800, 0x80000  # https://sqlite.org/c3ref/c_deterministic.html
    sql = "SELECT narg, flags & ? FROM pragma_function_list WHERE name = 'product'"
    for options, expected in [
        ({}, (-1, directonly)),
        ({"arguments": 2}, (2, directonly)),
        ({"deterministic": True}, (-1, deterministic | directonly)),
        ({"directonly": False}, (-1, 0)),
        ({"arguments": 1, "deterministic": True, "directonly": False}, (1, deterministic)),
    ]:
        await maybe(getattr(lite.sqlite, create)("product", Product, **options))
        assert await maybe(lite.query(sql, [deterministic | directonly])) == [expected]
        await maybe(getattr(lite.sqlite, create)("product", None, arguments=expected[0]))
    assert await maybe(lite.query(sql, [0])) == []
