"""Which value of an INSERT goes to which column, where it names none."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from ferrow.errors import DataError
from tests.support import maybe

NAIVE = datetime(2024, 1, 2, 3, 4, 5, 6)
AWARE = NAIVE.replace(tzinfo=UTC)
WIDER = Decimal("0.12345678901234567")


async def test_a_generated_column_in_front(lite: Any) -> None:
    await maybe(lite.script("CREATE TABLE g (year text AS (substr(ts, 1, 4)), ts timestamp)"))
    with pytest.raises(DataError, match="aware"):
        await maybe(lite.execute("INSERT INTO g (ts) VALUES (?)", [AWARE]))
    with pytest.raises(DataError, match="aware"):
        await maybe(lite.execute("INSERT INTO g VALUES (?)", [AWARE]))
    await maybe(lite.execute("INSERT INTO g VALUES (?)", [NAIVE]))
    assert await maybe(lite.query("SELECT * FROM g")) == [("2024", NAIVE)]


async def test_generated_columns_between_others(lite: Any) -> None:
    """They shift which value is whose, and the values of VALUES are those of a batch and of REPLACE as well."""
    await maybe(
        lite.script(
            'CREATE TABLE g (i integer, "a ""b" int AS (i + 1), r real, s int AS (i + 2) STORED, n numeric, x text)'
        )
    )
    for table in ("g", "main.g", '"g" AS h'):
        for number, row in enumerate(([WIDER, 1, 1, "x"], [1, 2**53 + 1, 1, "x"], [1, 1, WIDER, "x"]), 1):
            with pytest.raises(DataError, match=f"parameter {number}"):
                await maybe(lite.execute(f"INSERT INTO {table} VALUES (?, ?, ?, ?)", row))
    with pytest.raises(DataError, match="parameter 3 of row 2"):
        await maybe(lite.run_many("REPLACE INTO g VALUES (?, ?, ?, ?)", [(1, 1, 1, "x"), (1, 1, WIDER, "x")]))
    await maybe(lite.execute("INSERT INTO g VALUES (?, ?, ?, ?)", [1, 1.5, Decimal("0.5"), WIDER]))
    assert await maybe(lite.query("SELECT i, r, n, x FROM g")) == [(1, 1.5, Decimal("0.5"), str(WIDER))]


@pytest.mark.parametrize(
    ("rest", "last"),
    [("n = excluded.n", []), ("x = ?", ["y"]), ("(x, n) = (?, ?)", ["y", 1]), ("x = 'y', n = ? WHERE n < 5", [1])],
)
async def test_an_upsert_that_names_no_columns(lite: Any, rest: str, last: list[Any]) -> None:
    """What it assigns does not hide where its values go."""
    await maybe(lite.script("CREATE TABLE u (id integer PRIMARY KEY, n numeric, x text)"))
    sql = f"INSERT INTO u VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET {rest}"
    with pytest.raises(DataError, match="parameter 2"):
        await maybe(lite.execute(sql, [1, WIDER, "x", *last]))
    await maybe(lite.execute(sql, [1, 2, WIDER, *last]))
    if 1 in last:
        with pytest.raises(DataError, match=f"parameter {4 + last.index(1)}"):
            await maybe(lite.execute(sql, [1, 2, "x", *(WIDER if value == 1 else value for value in last)]))
    assert await maybe(lite.query("SELECT * FROM u")) == [(1, 2, str(WIDER))]


@pytest.mark.parametrize("names", ["", "(id, n, x)"])
@pytest.mark.parametrize(
    ("values", "rest"),
    [
        ("VALUES (?, 2, 'x')", "(id) DO UPDATE SET n = 1 ON CONFLICT (x) DO UPDATE SET n = ?"),
        ("VALUES (?, 2, 'x')", "(id) DO UPDATE SET n = 1 WHERE n < 5 ON CONFLICT (x) DO UPDATE SET n = ?"),
        ("SELECT ?, 2, 'x' WHERE true", "(id) DO UPDATE SET n = ?"),
    ],
)
async def test_every_assignment_of_an_upsert(lite: Any, names: str, values: str, rest: str) -> None:
    await maybe(lite.script("CREATE TABLE u (id integer PRIMARY KEY, n numeric, x text UNIQUE)"))
    sql = f"INSERT INTO u {names} {values} ON CONFLICT {rest}"
    with pytest.raises(DataError, match="parameter 2"):
        await maybe(lite.execute(sql, [1, WIDER]))
    await maybe(lite.execute(sql, [1, 3]))
    await maybe(lite.set_codec("numeric", encode=lambda value: str(value * 10)))
    await maybe(lite.execute(sql, [2 if "(x)" in rest else 1, 3]))
    assert await maybe(lite.query("SELECT id, +n FROM u")) == [(1, 30)]


@pytest.mark.parametrize(
    "rest", ["", "ON CONFLICT (id) DO UPDATE SET w = excluded.w", "ON CONFLICT (id) DO UPDATE SET w = ?4, v = ?5"]
)
async def test_codecs_write_to_the_column_that_is_theirs(lite: Any, rest: str) -> None:
    await maybe(lite.script("CREATE TABLE k (id integer PRIMARY KEY, shout text AS (upper(v)), v secret, w text)"))
    await maybe(lite.set_codec("secret", encode=lambda value: f"<{value}>"))
    sql = f"INSERT INTO k VALUES (?1, ?2, ?3) {rest}"
    last = ["c", "d"] if "?5" in rest else []
    await maybe(lite.execute(sql, [1, "a", "b", *last]))
    assert await maybe(lite.query("SELECT * FROM k")) == [(1, "<A>", "<a>", "b")]
    if last:
        await maybe(lite.execute(sql, [1, "a", "b", *last]))
        assert await maybe(lite.query("SELECT * FROM k")) == [(1, "<D>", "<d>", "c")]
