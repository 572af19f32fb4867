"""`Shape.with_values`: what instances were given, beside them, so that nobody needs to read it off them."""

from __future__ import annotations

import gc
from typing import Any

import pytest

from ferrow._core import Shape
from ferrow.errors import InterfaceError
from tests.shared.driver.test_row_shapes import BUILDS, NAMES
from tests.support import maybe

THREE = "SELECT 1 AS id, 'a' AS name UNION ALL SELECT 2, NULL UNION ALL SELECT 3, 'c' ORDER BY 1"
MANY = "WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < 3000) SELECT id, 'x' AS name FROM n"


class Told:
    """Storing an attribute runs code of the model."""

    @property
    def name(self) -> str:
        return "mine"

    @name.setter
    def name(self, value: str) -> None:
        pass


@pytest.mark.parametrize("build", ["slots", "dict", "pydantic"])
async def test_values_are_what_the_instances_hold(conn: Any, build: str) -> None:
    shape = BUILDS[build][1].with_values()
    assert shape is not None

    result = await maybe(conn.run(THREE, None, shape))

    assert result.values == [(1, "a"), (2, None), (3, "c")]
    assert [(one.id, one.name) for one in result.rows] == result.values
    assert all(one.name is name for one, (_, name) in zip(result.rows, result.values, strict=True))
    assert repr(shape) == f"{BUILDS[build][1]!r}.with_values()"


async def test_nobody_gets_them_who_has_not_asked(conn: Any) -> None:
    assert (await maybe(conn.run(THREE, None, BUILDS["dict"][1]))).values is None


async def test_many_rows_are_known_to_the_garbage_collector(conn: Any) -> None:
    shape = BUILDS["dict"][1].with_values()
    assert shape is not None

    result = await maybe(conn.run(MANY, None, shape))

    assert result.values == [(number, "x") for number in range(1, 3001)]
    assert gc.is_tracked(result.rows)
    assert gc.is_tracked(result.values)


async def test_another_number_of_columns(conn: Any) -> None:
    shape = BUILDS["dict"][1].with_values()

    with pytest.raises(InterfaceError, match="the result has 1 columns"):
        await maybe(conn.run("SELECT 1 AS id", None, shape))
    assert (await maybe(conn.query_one("SELECT 1")))[0] == 1


@pytest.mark.parametrize(
    "shape",
    [
        Shape.tuples(),
        Shape.dicts(),
        BUILDS["call"][1],
        BUILDS["converted"][1],
        Shape.row([BUILDS["dict"][1]]),
        Shape.instances(Told, NAMES, build="dict"),
    ],
    ids=["tuples", "dicts", "call", "converted", "row", "setter"],
)
def test_they_cannot_be_told(shape: Shape) -> None:
    assert shape.with_values() is None
