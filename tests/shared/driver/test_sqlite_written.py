"""SQLite takes any value for any column. What its column would give back as another value is refused when it is written."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from enum import IntEnum
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ferrow import driver
from ferrow.driver import Kinds, Shape
from ferrow.errors import DataError, Error
from tests.support import items, maybe

NAIVE = datetime(2024, 1, 2, 3, 4, 5, 6)
AWARE = NAIVE.replace(tzinfo=UTC)
TABLE = """
CREATE TABLE t (
    id integer PRIMARY KEY, "a day" date, ts timestamp, dt datetime, tz timestamptz, amount decimal(20, 2), exact decimal_text,
    other
)
"""


@pytest.fixture
def conn(lite: Any, runner: Any) -> Any:
    runner.run(maybe(lite.script(TABLE)))
    return lite


REFUSED = [
    ("ts", AWARE, "aware datetime does not fit a column without time zone"),
    ("dt", AWARE, "aware datetime does not fit a column without time zone"),
    ("tz", NAIVE, "naive datetime does not fit a column with time zone"),
    ('"a day"', NAIVE, r"use its \.date\(\)"),
    ("amount", Decimal("12345678901234567890.12"), "DECIMAL_TEXT"),
    ("amount", Decimal("0.1234567890123456"), "DECIMAL_TEXT"),
    ("amount", Decimal("1e400"), "DECIMAL_TEXT"),
    ("amount", Decimal(2**63), "DECIMAL_TEXT"),
]
TAKEN = [
    ("ts", NAIVE),
    ("dt", NAIVE),
    ("tz", AWARE),
    ('"a day"', date(2024, 1, 2)),
    ("amount", Decimal("1234567890123.45")),
    ("amount", Decimal("-0.5")),
    ("amount", Decimal("1E+20")),
    ("amount", Decimal(2**63 - 1)),
    ("amount", Decimal(0)),
    ("amount", Decimal("Infinity")),
    ("exact", Decimal("12345678901234567890.12")),
    ("ts", None),
]


@pytest.mark.parametrize(("column", "value", "words"), REFUSED)
async def test_a_value_that_would_come_back_as_another_is_refused(
    conn: Any, column: str, value: Any, words: str
) -> None:
    with pytest.raises(DataError, match=f"parameter 1.*{words}"):
        await maybe(conn.execute(f"INSERT INTO t ({column}) VALUES (?)", [value]))
    assert await maybe(conn.query("SELECT * FROM t")) == []


@pytest.mark.parametrize(("column", "value"), TAKEN)
async def test_one_that_comes_back_is_taken(conn: Any, column: str, value: Any) -> None:
    await maybe(conn.execute(f"INSERT INTO t ({column}) VALUES (?)", [value]))
    (found,) = await maybe(conn.query_one(f"SELECT {column} FROM t"))
    assert (found, type(found)) == (value, type(value))


WIDE = Decimal("0.1234567890123456")
LOOSE = ["integer", "bigint", "number(10, 2)", "money", "real", "double precision", "boolean", "bytea"]


@pytest.mark.parametrize("declared", LOOSE)
async def test_any_column_of_which_sqlite_makes_numbers_is_one_of_numbers(lite: Any, declared: str) -> None:
    await maybe(lite.script(f"CREATE TABLE t (n {declared})"))
    for value in (WIDE, Decimal("1e400"), Decimal("9007199254740993.5")):
        with pytest.raises(DataError, match=r"parameter 1.*DECIMAL_TEXT"):
            await maybe(lite.execute("INSERT INTO t VALUES (?)", [value]))
        with pytest.raises(DataError, match=r"parameter 1 of row 2.*DECIMAL_TEXT"):
            await maybe(lite.run_many("INSERT INTO t VALUES (?)", [(Decimal("0.5"),), (value,)]))
    assert await maybe(lite.query("SELECT +n FROM t")) == []
    await maybe(lite.run_many("INSERT INTO t VALUES (?)", [(Decimal("1.10"),), (-5,), (2.5,), (None,)]))
    assert await maybe(lite.query("SELECT +n FROM t")) == [(1.1,), (-5,), (2.5,), (None,)]


@pytest.mark.parametrize("declared", ["text", "blob", "varchar(9)", ""])
async def test_others_keep_every_digit(lite: Any, declared: str) -> None:
    await maybe(lite.script(f"CREATE TABLE t (n {declared}); CREATE TABLE strict (n any) STRICT"))
    for table in ("t", "strict"):
        await maybe(lite.execute(f"INSERT INTO {table} VALUES (?)", [WIDE]))
        assert await maybe(lite.query(f"SELECT n FROM {table}")) == [(str(WIDE),)]


class Many(IntEnum):
    ODD = 2**53 + 1


async def test_an_int_that_is_no_float_is_refused_where_floats_are(lite: Any) -> None:
    await maybe(lite.script("CREATE TABLE t (n real)"))
    for value in (2**53 + 1, -(2**53) - 1, 2**63 - 1):
        with pytest.raises(DataError, match=r"this int is not exactly a float; use float\(value\)"):
            await maybe(lite.execute("INSERT INTO t VALUES (?)", [value]))
    for other in (Many.ODD, Decimal(2**53 + 1), Decimal(2**63 - 1)):
        with pytest.raises(DataError, match="parameter 1"):
            await maybe(lite.execute("INSERT INTO t VALUES (?)", [other]))
    taken = [0, 2**53, -(2**53), 2**53 + 2, -(2**63), 7]
    await maybe(lite.run_many("INSERT INTO t VALUES (?)", [(value,) for value in taken]))
    assert await maybe(lite.query("SELECT n FROM t")) == [(float(value),) for value in taken]


@pytest.mark.parametrize("declared", ["integer", "money", "real", "double precision"])
async def test_a_decimal_that_is_exactly_a_float_has_as_many_digits_as_it_likes(lite: Any, declared: str) -> None:
    await maybe(lite.script(f"CREATE TABLE t (n {declared})"))
    values = [*map(Decimal.from_float, (0.1, -(2.0**-40), 1e300, 2.0**70, 5e-324))]
    await maybe(lite.run_many("INSERT INTO t VALUES (?)", [(value,) for value in values]))
    assert await maybe(lite.query("SELECT +n FROM t")) == [(value,) for value in values]


STATEMENTS: list[tuple[str, list[Any]]] = [
    ("INSERT INTO t (ts) VALUES (?)", [AWARE]),
    ("insert or replace into main.t (id, ts) values (1, NULL), (?, ?)", [2, AWARE]),
    ("REPLACE INTO t AS u (id, other, ts) VALUES (?, ?||'(', ?) -- ?, (\n RETURNING id", [1, "x", AWARE]),
    ('INSERT INTO "t" ([ts]) VALUES (?1)', [AWARE]),
    ("INSERT INTO t (id, ts) VALUES (abs(?), /* ',' */ ?)", [-1, AWARE]),
    ("INSERT INTO t (other, id, ts) VALUES (?3, ?2, ?1)", [AWARE, 2, "x"]),
    ("INSERT INTO t (id, ts) VALUES (1, NULL) ON CONFLICT (id) DO UPDATE SET other = ?, ts = ?", ["x", AWARE]),
    ("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?, ?, ?)", [1, None, AWARE, None, None, None, None, None]),
    ("UPDATE t SET ts = ?", [AWARE]),
    ("UPDATE OR IGNORE main.t AS u SET other = (SELECT max(?, 1)), ts = ? WHERE id = ?", [1, AWARE, 1]),
]
"""Each writes an aware datetime to `ts`. The sixth parameter of one is its first: `?3, ?2, ?1`."""

PASSED: list[tuple[str, list[Any]]] = [
    ("INSERT INTO t (other) VALUES (?)", [AWARE]),
    ("INSERT INTO t (ts) VALUES (datetime(?))", [AWARE]),
    ("INSERT INTO t (ts) SELECT ? WHERE false", [AWARE]),
    ("UPDATE t SET other = ? WHERE ts = ?", [1, AWARE]),
    ("UPDATE t SET (ts, dt) = (NULL, ?)", [NAIVE]),
    ("DELETE FROM t WHERE tz < ?", [NAIVE]),
    ("SELECT ts = ? FROM t", [AWARE]),
]


@pytest.mark.parametrize(("sql", "params"), STATEMENTS)
async def test_however_it_is_written(conn: Any, sql: str, params: list[Any]) -> None:
    number = params.index(AWARE) + 1
    with pytest.raises(DataError, match=rf"parameter {number}\b.*aware datetime") as caught:
        await maybe(conn.execute(sql, params))
    assert caught.value.parameter == number
    await maybe(conn.execute(sql, [NAIVE if value is AWARE else value for value in params]))


@pytest.mark.parametrize(("sql", "params"), PASSED)
async def test_what_is_not_written_as_it_is_passes(conn: Any, sql: str, params: list[Any]) -> None:
    await maybe(conn.execute(sql, params))


async def test_a_generated_column_hides_which_value_is_whose_where_none_is_named(conn: Any) -> None:
    await maybe(conn.script("CREATE TABLE g (year text AS (substr(ts, 1, 4)), ts timestamp)"))
    with pytest.raises(DataError, match="aware"):
        await maybe(conn.execute("INSERT INTO g (ts) VALUES (?)", [AWARE]))
    await maybe(conn.execute("INSERT INTO g VALUES (?)", [NAIVE]))
    assert await maybe(conn.query("SELECT * FROM g")) == [("2024", NAIVE)]


async def test_names_batches_streams_and_cursors(conn: Any) -> None:
    named = "INSERT INTO t (id, ts) VALUES (:id, :at)"
    with pytest.raises(DataError, match=r"parameter 2 \(:at\)|parameter 2 \(at\)"):
        await maybe(conn.query(named, {"id": 1, "at": AWARE}))
    with pytest.raises(DataError, match=r"of row 2.*aware") as caught:
        await maybe(conn.run_many("INSERT INTO t (ts) VALUES (?)", [[NAIVE], [AWARE]], Shape.tuples()))
    assert (caught.value.row, caught.value.parameter) == (2, 1)
    with pytest.raises(DataError, match="aware"):
        await items(conn.stream("INSERT INTO t (ts) VALUES (?) RETURNING id", [AWARE]))
    with pytest.raises(DataError, match="aware"):
        await maybe(conn.cursor().execute("INSERT INTO t (ts) VALUES (%s)", [AWARE]))
    await maybe(conn.rollback())
    assert await maybe(conn.query("SELECT * FROM t")) == []


async def test_a_decimal_of_a_given_kind_as_well(conn: Any) -> None:
    """As faces write to tables that were made elsewhere."""
    sql, kinds = "INSERT INTO t (amount) VALUES (?)", Kinds(["decimal"])
    for long in (Decimal("0.1234567890123456"), 2**70):
        with pytest.raises(DataError, match="DECIMAL_TEXT"):
            await maybe(conn.run(sql, [long], Shape.tuples(), kinds))
    await maybe(conn.run(sql, [Decimal("0.25")], Shape.tuples(), kinds))
    assert await maybe(conn.query("SELECT amount FROM t")) == [(Decimal("0.25"),)]


@pytest.mark.parametrize("elsewhere", [False, True], ids=["here", "elsewhere"])
async def test_a_table_that_has_become_another_one(conn: Any, sqlite_url: str, elsewhere: bool) -> None:
    sql = "INSERT INTO u VALUES (?)"
    change = "DROP TABLE IF EXISTS u; CREATE TABLE u (at {})"
    with driver.connect(sqlite_url) as other:

        async def declare(kind: str) -> None:
            await maybe((other if elsewhere else conn).script(change.format(kind)))

        await declare("timestamp")
        await maybe(conn.execute(sql, [NAIVE]))
        with pytest.raises(DataError, match="aware"):
            await maybe(conn.execute(sql, [AWARE]))
        await declare("timestamptz")
        await maybe(conn.execute(sql, [AWARE]))
        with pytest.raises(DataError, match="naive"):
            await maybe(conn.execute(sql, [NAIVE]))
        await declare("text")
        await maybe(conn.execute(sql, [NAIVE]))


@given(st.decimals(allow_nan=False))
def test_a_number_that_is_taken_is_the_number_that_comes_back(value: Decimal) -> None:
    with driver.connect("sqlite::memory:") as conn:
        conn.script("CREATE TABLE t (amount numeric)")
        try:
            conn.execute("INSERT INTO t VALUES (?)", [value])
        except DataError:
            return
        (found,) = conn.query_one("SELECT amount FROM t")
        assert found == value


def test_no_text_is_too_strange() -> None:
    pieces = [
        "INSERT INTO t",
        "UPDATE t SET ts",
        "(",
        ")",
        "?",
        ",",
        "=",
        "'",
        '"',
        "[",
        "--",
        "/*",
        "é",
        "VALUES",
        "ON",
        ".",
        "ts",
    ]
    random = Random(1)
    with driver.connect("sqlite::memory:") as conn:
        conn.script(TABLE)
        for _ in range(2000):
            text = " ".join(random.choices(pieces, k=12))
            try:
                conn.query(text, [AWARE] * text.count("?"))
            except Error:
                continue
        assert conn.query_one("SELECT 7") == (7,)
