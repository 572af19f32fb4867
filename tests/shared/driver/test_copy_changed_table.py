"""A table that has got other columns since the connection copied it last: binary data do not say what they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ferrow import driver
from ferrow.errors import DataError, OperationalError, ProgrammingError
from tests.support import entered, items, maybe


@pytest.mark.parametrize("who", ["this", "another"])
async def test_a_copy_follows_the_columns_as_they_are_now(pg: Any, postgresql_url: str, who: str) -> None:
    await maybe(pg.script("CREATE TABLE moving (x int8)"))
    assert await maybe(pg.copy_in("moving", [(1,)])) == 1
    assert await items(pg.copy_out("moving")) == [(1,)]
    alter = "ALTER TABLE moving ALTER x TYPE float8"
    if who == "this":
        await maybe(pg.script(alter))
    else:
        with driver.connect(postgresql_url) as other:
            other.script(alter)
    assert await items(pg.copy_out("moving")) == [(1.0,)]
    assert await maybe(pg.copy_in("moving", [(2.5,)])) == 1
    assert [row[0] for row in await maybe(pg.query("SELECT x FROM moving ORDER BY x"))] == [1.0, 2.5]
    assert (await maybe(pg.info()))["cached_statements"] > 0


@pytest.fixture
def moving(pg: Any, postgresql_url: str, runner: Any) -> Iterator[tuple[Any, Any]]:
    """A connection that has copied into a table with a list, and another one that will change the table."""

    async def prepared() -> None:
        await maybe(pg.script("DROP TABLE IF EXISTS moved; CREATE TABLE moved (x int4, y text)"))
        assert await maybe(pg.copy_in("moved", [(1, "a")], columns=("x", "y"))) == 1
        await maybe(pg.script("TRUNCATE moved"))

    runner.run(prepared())
    with driver.connect(postgresql_url) as other:
        yield pg, other
        other.script("DROP TABLE IF EXISTS moved")


async def copied(conn: Any, rows: Any, columns: Any = ("x", "y")) -> list[tuple[Any, ...]]:
    assert await maybe(conn.copy_in("moved", rows, columns=columns)) == len(rows)
    return [tuple(row) for row in await maybe(conn.query("SELECT * FROM moved ORDER BY 1"))]


async def asked(conn: Any, rows: Any, **options: Any) -> int:
    """How many requests a COPY takes."""
    before = conn.wire.requests
    await maybe(conn.copy_in("moved", rows, **options))
    return int(conn.wire.requests - before)


@pytest.mark.parametrize("kind", [list, tuple, iter])
async def test_a_type_of_the_same_width_is_not_taken_for_the_old_one(moving: tuple[Any, Any], kind: Any) -> None:
    # The server would take the four bytes of an int4 for a float4, and nobody would say so.
    pg, other = moving
    other.script("ALTER TABLE moved ALTER x TYPE float4")
    rows = [(number, "b") for number in range(3000)]
    assert await maybe(pg.copy_in("moved", kind(rows), columns=("x", "y"))) == 3000
    found = await maybe(pg.query("SELECT x FROM moved ORDER BY 1"))
    assert [row[0] for row in found] == [float(number) for number in range(3000)]
    # And the next one knows.
    await maybe(pg.script("TRUNCATE moved"))
    assert await asked(pg, rows, columns=("x", "y")) == 1


async def test_columns_that_have_changed_their_names(moving: tuple[Any, Any]) -> None:
    pg, other = moving
    other.script("ALTER TABLE moved RENAME x TO z; ALTER TABLE moved RENAME y TO x; ALTER TABLE moved RENAME z TO y")
    assert await copied(pg, [("a", 1)]) == [(1, "a")]


async def test_a_value_that_fits_since_the_table_was_changed(moving: tuple[Any, Any]) -> None:
    pg, other = moving
    other.script("ALTER TABLE moved ALTER x TYPE int8")
    assert await copied(pg, [(1 << 40, "b")]) == [(1 << 40, "b")]


async def test_a_value_that_does_not_fit_any_more(moving: tuple[Any, Any]) -> None:
    pg, other = moving
    other.script("ALTER TABLE moved ALTER x TYPE int2")
    with pytest.raises(DataError, match=r"row 1, column 1 \(x\)"):
        await maybe(pg.copy_in("moved", [(70000, "b")], columns=("x", "y")))
    assert await copied(pg, [(7, "c")]) == [(7, "c")]


async def test_a_column_and_a_table_that_are_gone(moving: tuple[Any, Any]) -> None:
    pg, other = moving
    other.script("ALTER TABLE moved DROP y")
    with pytest.raises(ProgrammingError, match="y"):
        await maybe(pg.copy_in("moved", [(1, "b")], columns=("x", "y")))
    assert await copied(pg, [(1,)], ("x",)) == [(1,)]
    other.script("DROP TABLE moved")
    with pytest.raises(ProgrammingError, match="moved") as caught:
        await maybe(pg.copy_in("moved", [(1,)], columns=("x",)))
    assert caught.value.sqlstate == "42P01"
    assert (await maybe(pg.query_one("SELECT 1")))[0] == 1


async def test_the_columns_are_asked_for_once(moving: tuple[Any, Any]) -> None:
    pg, _ = moving
    assert await asked(pg, [(1, "b")], columns=("x", "y")) == 1
    assert await asked(pg, [{"x": 2, "y": "c"}]) == 1
    # Rows that could not be read once more, and other columns, are asked for.
    assert await asked(pg, iter([(3, "d")]), columns=("x", "y")) == 2
    assert await asked(pg, [("e",)], columns=("y",)) == 2
    await maybe(pg.clear_cache())
    assert await asked(pg, [(4, "f")], columns=("x", "y")) == 2


async def test_in_a_transaction_nothing_is_tried(moving: tuple[Any, Any]) -> None:
    pg, other = moving
    other.script("ALTER TABLE moved ALTER x TYPE float4")
    async with entered(await maybe(pg.begin())) as tx:
        assert await maybe(tx.copy_in("moved", [(1, "b")], columns=("x", "y"))) == 1
    assert [tuple(row) for row in await maybe(pg.query("SELECT * FROM moved"))] == [(1.0, "b")]


async def test_the_table_stays_as_it_was_told_until_the_end(moving: tuple[Any, Any], colour: str) -> None:
    """From the answer on, no other session can change the table before the COPY ends: both are one transaction."""
    pg, other = moving
    other.script("SET lock_timeout = '50ms'")
    refused: list[str] = []

    class Row:
        @property
        def x(self) -> int:
            if len(refused) < 1:
                try:
                    other.script("ALTER TABLE moved ALTER x TYPE float4")
                except OperationalError as error:
                    refused.append(error.sqlstate or "")
            return 1

        y = "b"

    # The first piece is encoded before the COPY begins, and this row after it.
    rows: list[Any] = [(1, "b" * 100) for _ in range(1000)]
    assert await maybe(pg.copy_in("moved", [*rows, Row()], columns=("x", "y"))) == 1001
    assert refused == ["55P03"]


async def test_a_type_of_ones_own(pg: Any) -> None:
    await maybe(pg.script("CREATE TYPE mood AS ENUM ('glad'); CREATE TABLE moved (x mood, y text)"))
    for _ in range(3):
        assert await maybe(pg.copy_in("moved", [("glad", "b")], columns=["x", "y"])) == 1
    await maybe(pg.clear_cache())
    assert await maybe(pg.copy_in("moved", [("glad", "b")], columns=["x", "y"])) == 1
    assert len(await maybe(pg.query("SELECT * FROM moved"))) == 4
    await maybe(pg.script("DROP TABLE moved; DROP TYPE mood"))


@pytest.mark.parametrize("kind", [list, tuple, iter])
async def test_a_type_without_a_binary_form_is_written_as_text_from_then_on(moving: tuple[Any, Any], kind: Any) -> None:
    """The server refuses a binary COPY of it with the very statement, before it has said what the columns are."""
    pg, other = moving
    other.script("ALTER TABLE moved DROP y, ADD y aclitem")
    rows = [(1, "pg_monitor=r/pg_monitor"), (2, None)]
    assert await maybe(pg.copy_in("moved", kind(rows), columns=("x", "y"))) == 2
    assert await maybe(pg.query("SELECT * FROM moved ORDER BY x")) == rows
    await maybe(pg.script("TRUNCATE moved"))
    assert await asked(pg, rows, columns=("x", "y")) == 1
