"""`Shape.row`: instances and single values side by side, in every build, on every backend."""

from __future__ import annotations

import gc
from dataclasses import dataclass
from typing import Any

import pytest
from pydantic import BaseModel

from ferrow._core import Kinds, Shape
from ferrow.errors import DataError, InterfaceError
from tests.support import maybe


@dataclass(slots=True)
class Slotted:
    id: int
    name: str


@dataclass
class Plain:
    id: int
    name: str


@dataclass(frozen=True)
class Called:
    id: int
    name: str


class Model(BaseModel):
    id: int
    name: str


NAMES = ["id", "name"]
BUILDS: dict[str, tuple[type[Any], Shape]] = {
    "slots": (Slotted, Shape.instances(Slotted, NAMES, build="slots")),
    "dict": (Plain, Shape.instances(Plain, NAMES, build="dict")),
    "call": (Called, Shape.instances(Called, NAMES, build="call")),
    "pydantic": (Model, Shape.instances(Model, NAMES, build="pydantic")),
    "converted": (Plain, Shape.instances(Plain, NAMES, build="dict", convert=[int, str])),
}
THREE = "SELECT 1 AS id, 'a' AS name, 2.5 AS n UNION ALL SELECT 2, 'b', NULL ORDER BY 1"


@pytest.fixture(params=BUILDS)
def built(request: pytest.FixtureRequest) -> tuple[Any, Shape]:
    return BUILDS[request.param]


async def rows(conn: Any, sql: str, shape: Shape, params: Any = None) -> list[Any]:
    found: list[Any] = (await maybe(conn.run(sql, params, shape))).rows
    return found


async def test_an_instance_between_columns(conn: Any, built: tuple[Any, Shape]) -> None:
    cls, shape = built
    sql = "SELECT 7 AS a, 1 AS id, 'x' AS name, 'z' AS b"

    assert await rows(conn, sql, Shape.row([None, shape, str.upper])) == [(7, cls(id=1, name="x"), "Z")]


async def test_two_instances(conn: Any, built: tuple[Any, Shape]) -> None:
    cls, shape = built
    sql = "SELECT 1, 'x', 2, 'y' UNION ALL SELECT 3, 'x', 4, 'y' ORDER BY 1"
    other = BUILDS["slots"][1]

    assert await rows(conn, sql, Shape.row([shape, other])) == [
        (cls(id=1, name="x"), Slotted(2, "y")),
        (cls(id=3, name="x"), Slotted(4, "y")),
    ]


async def test_an_optional_instance_is_none_where_its_key_is(conn: Any, built: tuple[Any, Shape]) -> None:
    cls, shape = built
    sql = (
        "SELECT 1 AS a, CAST(NULL AS integer) AS id, CAST('left' AS text) AS name, 5 AS z "
        "UNION ALL SELECT 2, 9, 'y', 6 ORDER BY 1"
    )

    assert await rows(conn, sql, Shape.row([None, (shape, [0]), None])) == [
        (1, None, 5),
        (2, cls(id=9, name="y"), 6),
    ]


async def test_without_a_key_all_columns_have_to_be_null(conn: Any) -> None:
    sql = (
        "SELECT CAST(NULL AS integer) AS id, CAST('x' AS text) AS name, 1 AS n UNION ALL SELECT NULL, NULL, 2 "
        "ORDER BY 3"
    )

    found = await rows(conn, sql, Shape.row([(BUILDS["dict"][1], []), None]))

    assert found == [(Plain(None, "x"), 1), (None, 2)]  # type: ignore[arg-type]


async def test_a_key_of_two_columns_is_missing_as_a_whole(conn: Any) -> None:
    sql = "SELECT 1 AS n, CAST(NULL AS integer), CAST('x' AS text) UNION ALL SELECT 2, NULL, NULL ORDER BY 1"

    found = await rows(conn, sql, Shape.row([None, (BUILDS["slots"][1], [0, 1])]))

    assert found == [(1, Slotted(None, "x")), (2, None)]  # type: ignore[arg-type]


async def test_converters_never_see_null(conn: Any) -> None:
    assert await rows(conn, THREE, Shape.row([None, None, lambda n: float(n) * 2])) == [(1, "a", 5.0), (2, "b", None)]


@pytest.mark.parametrize("position", range(3))
async def test_an_error_in_any_part_is_that_error(conn: Any, position: int) -> None:
    """And the connection stays in step."""

    def refuse(value: Any) -> Any:
        raise ZeroDivisionError(value)

    broken = Shape.instances(Plain, NAMES, build="dict", convert=[None, refuse])
    parts: list[Any] = [BUILDS["dict"][1], None, (BUILDS["slots"][1], [0])]
    parts[position] = [broken, refuse, (broken, [0])][position]
    sql = "SELECT 1, 'a', 2, 3, 'b'"

    with pytest.raises(ZeroDivisionError):
        await rows(conn, sql, Shape.row(parts))
    assert await rows(conn, "SELECT 1", Shape.row([None])) == [(1,)]


async def test_a_constructor_that_refuses(conn: Any) -> None:
    class Refusing:
        def __init__(self, id: int, name: str) -> None:
            raise ValueError(f"not {name}")

    shape = Shape.row([None, Shape.instances(Refusing, NAMES, build="call")])

    with pytest.raises(ValueError, match="not x"):
        await rows(conn, "SELECT 0, 1, 'x'", shape)


async def test_another_number_of_columns(conn: Any) -> None:
    shape = Shape.row([BUILDS["dict"][1], None, (BUILDS["slots"][1], [0])])

    with pytest.raises(InterfaceError, match=r"3 columns .* Plain, a column, Slotted \| None is built from 5"):
        await rows(conn, "SELECT 1, 2, 3", shape)


async def test_a_value_that_is_not_what_its_column_says(sqlite_url: str) -> None:
    from ferrow.driver import connect

    with connect(sqlite_url) as conn, pytest.raises(DataError, match="column d"):
        shape = Shape.row([None, BUILDS["dict"][1]], kinds=Kinds(["date", "int", "text"]))
        conn.run("SELECT 'not a day' AS d, 1, 'x'", None, shape)


async def test_many_rows(conn: Any) -> None:
    sql = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 20000) SELECT x, x, 'n', x, 'm' FROM n"
    shape = Shape.row([None, BUILDS["slots"][1], (BUILDS["dict"][1], [0])])

    found = await rows(conn, sql, shape)

    assert len(found) == 20_000
    assert found[-1] == (20_000, Slotted(20_000, "n"), Plain(20_000, "m"))
    assert gc.is_tracked(found[0])


def test_what_is_no_part() -> None:
    for wrong in ("x", 3, Shape.tuples(), (Shape.tuples(), [0])):
        with pytest.raises(TypeError, match="part of a row"):
            Shape.row([wrong])  # type: ignore[list-item]
    with pytest.raises(ValueError, match="key column 2 of an instance of 2 columns"):
        Shape.row([(BUILDS["dict"][1], [2])])


def test_repr() -> None:
    assert repr(Shape.row([None, BUILDS["dict"][1]])) == "Shape.row(a column, Plain)"
