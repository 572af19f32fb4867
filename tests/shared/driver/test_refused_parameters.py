"""Values that are refused before anything is sent: the same words on every database, and never a silent change."""

from __future__ import annotations

import re
from array import array
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import pytest

from ferrow._core import Kinds, Shape
from ferrow.errors import DataError, ProgrammingError
from tests.support import entered, maybe

TUPLES = Shape.tuples()
TYPES = {
    "int": "int",
    "json": "jsonb",
    "timestamp": "timestamp",
    "bytes": "bytea",
    "decimal": "numeric",
    "text": "text",
}


def select(conn: Any, *kinds: str) -> tuple[str, Kinds]:
    """A statement that gives its parameters back, and their kinds."""
    cast = conn.dialect == "postgresql"
    places = [f"${n}::{TYPES[kind]}" if cast else f"?{n}" for n, kind in enumerate(kinds, 1)]
    return f"SELECT {', '.join(places)}", Kinds(kinds)


async def echo(conn: Any, kind: str, value: Any) -> Any:
    sql, kinds = select(conn, kind)
    return (await maybe(conn.run(sql, [value], Shape.column(kinds=kinds), kinds))).rows[0]


async def refusal(conn: Any, kind: str, value: Any) -> DataError:
    with pytest.raises(DataError) as caught:
        await echo(conn, kind, value)
    assert await maybe(conn.ping())
    return caught.value


async def test_the_error_says_which_parameter_and_why(conn: Any) -> None:
    sql, kinds = select(conn, "int", "int")
    with pytest.raises(DataError) as caught:
        await maybe(conn.run(sql, [1, "x"], TUPLES, kinds))
    error = caught.value
    assert (error.parameter, error.row) == (2, None)
    assert "str" in (error.reason or "")
    assert str(error) == f"parameter 2: {error.reason}"


async def test_and_in_a_batch_which_row(conn: Any) -> None:
    sql, kinds = select(conn, "int", "int")
    with pytest.raises(DataError) as caught:
        await maybe(conn.run_many(sql, [[1, 2], [3, "x"]], TUPLES, kinds))
    error = caught.value
    assert (error.parameter, error.row) == (2, 2)
    assert str(error) == f"parameter 2 of row 2: {error.reason}"


class Code(int, Enum):
    A = 5


@pytest.mark.parametrize(
    "value",
    [{1: 2}, {"a": [{None: 1}]}, {"1": 1, 1: 2}, ({True: 1},), {Code.A: 1}],
    ids=["int", "None", "twice", "bool", "Enum"],
)
async def test_a_json_key_that_is_no_str_would_come_back_as_one(conn: Any, value: Any) -> None:
    error = await refusal(conn, "json", value)
    assert (error.reason or "").startswith("cannot be written as JSON: its keys are str, not ")


async def test_json_that_holds_itself_or_is_too_deep_is_refused(conn: Any) -> None:
    circle: list[Any] = []
    circle.append(circle)
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    for value in (circle, deep):
        assert str(await refusal(conn, "json", value)).startswith("parameter 1: cannot be written as JSON: ")


class Nanoseconds(datetime):
    """As `pandas.Timestamp`: a datetime with more behind it."""

    nanosecond = 789


class NotATime(datetime):
    """As `pandas.NaT`: a datetime to `isinstance`."""

    nanosecond = float("nan")


@pytest.mark.parametrize("cls", [Nanoseconds, NotATime])
async def test_what_is_more_or_less_than_a_datetime_is_refused(conn: Any, cls: type[datetime]) -> None:
    await refusal(conn, "timestamp", cls(2020, 1, 1))


async def test_a_subclass_with_nothing_more_is_a_datetime(conn: Any) -> None:
    class Whole(datetime):
        nanosecond = 0

    assert await echo(conn, "timestamp", Whole(2020, 1, 1)) == datetime(2020, 1, 1)


async def test_items_of_a_memoryview_that_are_not_bytes_are_refused(conn: Any) -> None:
    assert "cast('B')" in str(await refusal(conn, "bytes", memoryview(array("i", [1, 2]))))
    released = memoryview(b"x")
    released.release()
    await refusal(conn, "bytes", released)
    assert await echo(conn, "bytes", memoryview(b"abcdef")[::-2]) == b"fdb"


class Cents(int):
    """An int that prints itself as something else."""

    def __str__(self) -> str:
        return "12.34"

    __repr__ = __str__


class Rounded(Decimal):
    def __str__(self, eng: bool = False, context: Any = None) -> str:
        return "7"


@pytest.mark.parametrize(
    ("value", "number"),
    [(Cents(1234), 1234), (Rounded("1.5"), Decimal("1.5")), (Code.A, 5), (10**5000, 10**5000)],
    ids=["int", "Decimal", "Enum", "long"],
)
async def test_a_number_is_what_it_is_and_not_what_it_prints(conn: Any, value: Any, number: Any) -> None:
    assert await echo(conn, "decimal", value) == number


@pytest.mark.parametrize("raised", [KeyboardInterrupt, MemoryError])
async def test_what_has_nothing_to_do_with_the_value_is_not_made_an_error_about_it(
    conn: Any, raised: type[BaseException]
) -> None:
    class Member(Enum):
        A = 1

        @property
        def value(self) -> Any:
            raise raised

    with pytest.raises(raised):
        await echo(conn, "int", Member.A)
    assert await maybe(conn.ping())


async def test_parameters_that_change_while_they_are_read(conn: Any) -> None:
    row: list[Any] = []

    class Member(Enum):
        A = 1

        @property
        def value(self) -> Any:
            row[1:] = []  # what follows is gone
            return 1

    row += [Member.A, 2]
    sql, kinds = select(conn, "int", "int")
    try:
        result = await maybe(conn.run_many(sql, [row, [3, 4], [5, 6]], TUPLES, kinds))
    except (DataError, IndexError):
        return
    assert result.rows == [(1, 2), (3, 4), (5, 6)]


async def test_a_text_statement_with_a_lone_surrogate(conn: Any) -> None:
    with pytest.raises(ProgrammingError, match="lone surrogate"):
        await maybe(conn.query("SELECT '\ud800'"))
    with pytest.raises(ProgrammingError, match="lone surrogate"):
        await maybe(conn.script("SELECT '\ud800'"))


LONE = r"the text has a lone surrogate \('\\ud800' at index 2\), which UTF-8 cannot write; remove it, or store bytes$"


async def test_a_text_with_a_lone_surrogate(conn: Any) -> None:
    error = await refusal(conn, "text", "ab\ud800")
    assert re.search(f"^parameter 1: {LONE}", str(error))
    assert error.parameter == 1
    await maybe(conn.script("CREATE TEMPORARY TABLE lone (n integer, t text)"))
    insert = "INSERT INTO lone VALUES ($1, $2)"
    with pytest.raises(DataError, match=f"^parameter 2: {LONE}"):
        await maybe(conn.execute(insert, [1, "ab\ud800"]))
    for rows in (1, 1000):  # so many go out in pieces
        with pytest.raises(DataError, match=f"^parameter 2 of row {rows + 1}: {LONE}") as caught:
            await maybe(conn.run_many(insert, [*[[1, "a"]] * rows, [2, "ab\ud800"]]))
        assert (caught.value.parameter, caught.value.row, caught.value.executed) == (2, rows + 1, False)
    assert await maybe(conn.query("SELECT * FROM lone")) == []
    with pytest.raises(ProgrammingError, match=r"^the SQL text holds a lone surrogate \('\\udfff' at index 8\)"):
        await maybe(conn.query("SELECT '\udfff'"))


@pytest.mark.postgresql
@pytest.mark.parametrize(
    ("kind", "value", "part"),
    [
        ("text[]", ["", "ab\ud800"], r"element \[1\]: "),
        ("pair", (1, "ab\ud800"), "b: "),
        ("mood", "ab\ud800", ""),
        ("inet", "ab\ud800", ""),
        ("money", "ab\ud800", ""),
        ("code", "ab\ud800", ""),
        ("code[]", ["ab\ud800"], r"element \[0\]: "),
    ],
)
async def test_a_lone_surrogate_in_a_value_of_another_type(pg: Any, kind: str, value: Any, part: str) -> None:
    await maybe(pg.script("CREATE TYPE pair AS (a int, b text); CREATE TYPE mood AS ENUM ('ok')"))
    await maybe(pg.script("CREATE DOMAIN code AS text"))
    pg.set_codec("code", encode=str.lower)
    with pytest.raises(DataError, match=f"^parameter 1: {part}{LONE}"):
        await maybe(pg.query(f"SELECT $1::{kind}", [value]))
    await maybe(pg.script(f"CREATE TABLE copied (n integer, v {kind})"))
    with pytest.raises(DataError, match=rf"^row 2, column 2 \(v\): {part}{LONE}"):
        await maybe(pg.copy_in("copied", [(1, None), (2, value)]))
    assert await maybe(pg.query("SELECT * FROM copied")) == []


@pytest.mark.postgresql
async def test_a_wrong_value_for_a_known_statement(pg: Any) -> None:
    """The server is asked whether the type is still that one, and then it is the value that is wrong."""
    sql = "SELECT $1::uuid AS v"
    for again in range(3):
        with pytest.raises(DataError, match='invalid input syntax for type uuid: "five"') as caught:
            await maybe(pg.query(sql, ["five"]))
        assert (caught.value.sqlstate, caught.value.hint, caught.value.executed) == ("22P02", None, False)
        assert (await maybe(pg.query_one(sql, [UUID(int=again)])))[0] == UUID(int=again)
    with pytest.raises(DataError) as caught:
        async with entered(pg.transaction()) as tx:
            await maybe(tx.query(sql, ["five"]))
    assert (caught.value.sqlstate, caught.value.hint) == ("22P02", None)
    assert (await maybe(pg.query_one(sql, [None])))[0] is None
