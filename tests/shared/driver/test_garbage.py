"""Building many objects does not set the garbage collector off, and nobody can tell."""

import gc
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from pydantic import BaseModel

from ferrow._core import Shape
from tests.support import maybe
from tests.support.postgres import ENCRYPTED

MANY = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 20000) SELECT x FROM n"
FEW = "SELECT 1 AS x"
RECORDS = {
    "plain": "SELECT ROW(x) FROM generate_series(1, 20000) x",
    "of what is asked for": "SELECT ROW(x::money) FROM generate_series(1, 20000) x",
}
LONG = MANY.replace(
    "SELECT x FROM", "SELECT x, 'a text that fills a read of the socket sooner than the number beside it' FROM"
)


@dataclass(slots=True)
class Slotted:
    x: int


class Plain:
    x: int


class Checked(BaseModel):
    x: int


QUIET = {
    "slots": Shape.instances(Slotted, ["x"], build="slots"),
    "dict": Shape.instances(Plain, ["x"], build="dict"),
    "rows": Shape.rows(),
}


@pytest.fixture
def starts() -> Iterator[list[str]]:
    """An entry for each time the collector starts, which it does after every tenth object."""
    seen: list[str] = []

    def note(phase: str, info: dict[str, int]) -> None:
        if phase == "start":
            seen.append(f"generation {info['generation']}")

    threshold = gc.get_threshold()
    gc.callbacks.append(note)
    gc.set_threshold(10, 1000, 1000)
    yield seen
    gc.set_threshold(*threshold)
    gc.callbacks.remove(note)


@pytest.mark.parametrize("style", QUIET)
async def test_the_collector_does_not_start_row_by_row(conn: Any, starts: list[str], style: str) -> None:
    del starts[:]
    result = await maybe(conn.run(MANY, None, QUIET[style]))
    began = len(starts)
    assert len(result.rows) == 20_000
    # Once in a while, between two batches, and for what the call itself is made of.
    assert began < 200


@pytest.mark.only(colour="sync")  # an event loop makes objects of its own between two reads
async def test_nor_read_by_read_where_nothing_else_happens(conn: Any, starts: list[str]) -> None:
    """A read ends in the middle of a row, which is built like the others."""
    if conn.dialect == "postgresql" and ENCRYPTED in os.environ:
        pytest.skip("something else happens: Python's ssl decrypts each read, and makes objects of its own")
    shape = Shape.instances(Plain, ["x", "y"], build="dict")
    del starts[:]
    result = conn.run(LONG, None, shape)
    began = len(starts)
    assert len(result.rows) == 20_000
    assert began < 10


@pytest.mark.postgresql
@pytest.mark.parametrize("kind", RECORDS)
async def test_nor_record_by_record(pg: Any, starts: list[str], kind: str) -> None:
    del starts[:]
    rows = await maybe(pg.query(RECORDS[kind]))
    began = len(starts)
    assert len(rows) == 20_000
    assert began < 200
    del starts[:]


@pytest.mark.postgresql
@pytest.mark.parametrize("kind", RECORDS)
@pytest.mark.parametrize("on", [True, False])
async def test_records_leave_the_collector_as_it_was(pg: Any, kind: str, on: bool) -> None:
    seen: set[bool] = set()

    def look(value: Any) -> Any:
        seen.add(gc.isenabled())
        return value

    def refuse(value: Any) -> Any:
        raise ZeroDivisionError

    try:
        if not on:
            gc.disable()
        await maybe(pg.query(RECORDS[kind]))
        assert gc.isenabled() is on
        name = "int4" if kind == "plain" else "money"
        pg.set_codec(name, decode=look, format="value")
        await maybe(pg.query(RECORDS[kind]))
        assert seen == {on}
        pg.set_codec(name, decode=refuse, format="value")
        with pytest.raises(ZeroDivisionError):
            await maybe(pg.query(RECORDS[kind]))
        assert gc.isenabled() is on
    finally:
        gc.enable()


async def test_the_names_of_a_pydantic_instance_are_no_business_of_the_collector(conn: Any) -> None:
    shape = Shape.instances(Checked, ["x"], build="pydantic")
    one, other = (await maybe(conn.run("SELECT 1 AS x UNION ALL SELECT 2", None, shape))).rows

    assert not gc.is_tracked(one.__pydantic_fields_set__)
    one.__pydantic_fields_set__.discard("x")
    assert other.model_fields_set == {"x"}
    assert one.model_copy().model_fields_set == set()


async def test_a_constructor_sees_the_collector_as_it_is(conn: Any) -> None:
    seen: set[bool] = set()

    class Curious:
        def __init__(self, x: int) -> None:
            seen.add(gc.isenabled())

    class Setter:
        @property
        def x(self) -> int:
            return 0

        @x.setter
        def x(self, value: int) -> None:
            seen.add(gc.isenabled())

    def convert(value: int) -> int:
        seen.add(gc.isenabled())
        return value

    for shape in (
        Shape.instances(Curious, ["x"], build="call"),
        Shape.instances(Setter, ["x"], build="dict"),
        Shape.instances(Slotted, ["x"], build="slots", convert=[convert]),
    ):
        await maybe(conn.run(MANY, None, shape))
        assert seen == {True}
        seen.clear()


@pytest.mark.parametrize("on", [True, False])
async def test_the_collector_is_left_as_it_was(conn: Any, on: bool) -> None:
    def refuse(value: int) -> int:
        raise ZeroDivisionError

    try:
        if not on:
            gc.disable()
        for shape in QUIET.values():
            await maybe(conn.run(MANY, None, shape))
            assert gc.isenabled() is on
        # A value that cannot be built ends the batch in its middle.
        with pytest.raises(ZeroDivisionError):
            await maybe(conn.run(MANY, None, Shape.instances(Slotted, ["x"], build="slots", convert=[refuse])))
        assert gc.isenabled() is on
    finally:
        gc.enable()


async def test_rows_of_plain_values_are_no_business_of_the_collector(conn: Any) -> None:
    for shape in (Shape.tuples(), Shape.rows()):
        (row,) = (
            await maybe(conn.run("SELECT 1 AS a, 'x' AS b, CAST(2.5 AS double precision) AS c, NULL AS d", None, shape))
        ).rows
        assert not gc.is_tracked(row)


async def test_rows_that_hold_containers_are(conn: Any) -> None:
    """A cycle through a row can be made with the list inside it, and has to be found."""
    create = "CREATE TABLE garbage (a {})".format("JSONB" if conn.dialect == "postgresql" else "JSON_TEXT")
    await maybe(conn.script(create))
    try:
        await maybe(conn.script("INSERT INTO garbage VALUES ('[1, 2]')"))
        for shape in (Shape.tuples(), Shape.rows()):
            (row,) = (await maybe(conn.run("SELECT a FROM garbage", None, shape))).rows
            assert gc.is_tracked(row)
            row[0].append(row)
    finally:
        await maybe(conn.script("DROP TABLE garbage"))
