"""SQLite takes any value for any column. What its column would give back as another value is refused when it is written."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from ferrow import driver
from ferrow.driver import Kinds, Shape
from ferrow.errors import DataError, Error
from tests.support import items, maybe

NAIVE = datetime(2024, 1, 2, 3, 4, 5, 6)
AWARE = NAIVE.replace(tzinfo=UTC)
TABLE = """
CREATE TABLE t (
    id integer PRIMARY KEY, "a day" date, ts timestamp, dt datetime, tz timestamptz, amount decimal(20, 2), exact decimal_text,
    real real, other
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


STATEMENTS: list[tuple[str, list[Any]]] = [
    ("INSERT INTO t (ts) VALUES (?)", [AWARE]),
    ("insert or replace into main.t (id, ts) values (1, NULL), (?, ?)", [2, AWARE]),
    ("REPLACE INTO t AS u (id, other, ts) VALUES (?, ?||'(', ?) -- ?, (\n RETURNING id", [1, "x", AWARE]),
    ('INSERT INTO "t" ([ts]) VALUES (?1)', [AWARE]),
    ("INSERT INTO t (id, ts) VALUES (abs(?), /* ',' */ ?)", [-1, AWARE]),
    ("INSERT INTO t (other, id, ts) VALUES (?3, ?2, ?1)", [AWARE, 2, "x"]),
    ("INSERT INTO t (id, ts) VALUES (1, NULL) ON CONFLICT (id) DO UPDATE SET other = ?, ts = ?", ["x", AWARE]),
    ("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", [1, None, AWARE, None, None, None, None, None, None]),
    ("INSERT INTO t (ts) SELECT ? WHERE false", [AWARE]),
    ("INSERT INTO t (id, ts) SELECT 1, NULL UNION ALL SELECT ?, ?", [2, AWARE]),
    ("INSERT INTO t (ts) VALUES (coalesce(?, ?))", [NAIVE, AWARE]),
    ("UPDATE t SET ts = ?", [AWARE]),
    ("UPDATE t SET ts = ifnull(ts, ?)", [AWARE]),
    ("UPDATE OR IGNORE main.t AS u SET other = (SELECT max(?, 1)), ts = ? WHERE id = ?", [1, AWARE, 1]),
]
"""Each writes an aware datetime to `ts`. The sixth parameter of one is its first: `?3, ?2, ?1`."""

PASSED: list[tuple[str, list[Any]]] = [
    ("INSERT INTO t (other) VALUES (?)", [AWARE]),
    ("INSERT INTO t (ts) VALUES (datetime(?))", [AWARE]),
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


@pytest.mark.parametrize(
    ("columns", "value", "words"),
    [
        (("tz", "ts"), NAIVE, "naive datetime"),
        (("ts", "tz"), NAIVE, "naive datetime"),
        (('"a day"', "ts"), NAIVE, r"use its \.date\(\)"),
        (("ts", '"a day"'), NAIVE, r"use its \.date\(\)"),
        (("real", "exact"), Decimal("0.1234567890123456"), "as two parameters"),
        (("exact", "real"), Decimal("0.1234567890123456"), "as two parameters"),
        (("other", "real"), Decimal("0.1234567890123456"), "as two parameters"),
        (("real", "id"), 2**53 + 1, "not exactly a float"),
    ],
)
async def test_one_that_goes_into_two_columns_fits_both(
    conn: Any, columns: tuple[str, str], value: Any, words: str
) -> None:
    for sql in ("VALUES (:v, :v)", "SELECT :v, :v", "VALUES (NULL, NULL), (:v, NULL), (NULL, :v)"):
        with pytest.raises(DataError, match=words) as caught:
            await maybe(conn.execute(f"INSERT INTO t ({', '.join(columns)}) {sql}", {"v": value}))
        assert caught.value.parameter == 1
    assert await maybe(conn.query("SELECT * FROM t")) == []


@pytest.mark.parametrize(
    ("columns", "value", "stored"),
    [
        (("ts", "dt", "other"), NAIVE, (NAIVE, NAIVE, str(NAIVE))),
        (("tz", "other"), AWARE, (AWARE, str(AWARE))),
        (("real", "exact"), Decimal("0.5"), (0.5, Decimal("0.5"))),
        (("amount", "exact"), Decimal("-1E+20"), (Decimal("-1E+20"), Decimal("-1E+20"))),
        (("amount", "other"), Decimal("Infinity"), (Decimal("Infinity"), "Infinity")),
        (("real", "amount"), 2**53, (2.0**53, Decimal(2**53))),
    ],
)
async def test_one_that_all_of_its_columns_can_hold_is_taken(
    conn: Any, columns: tuple[str, ...], value: Any, stored: tuple[Any, ...]
) -> None:
    names = ", ".join(columns)
    await maybe(conn.execute(f"INSERT INTO t ({names}) VALUES ({', '.join('?1' for _ in columns)})", [value]))
    assert await maybe(conn.query_one(f"SELECT {names} FROM t")) == stored


@pytest.mark.parametrize(("sql", "params"), PASSED)
async def test_what_is_not_written_as_it_is_passes(conn: Any, sql: str, params: list[Any]) -> None:
    await maybe(conn.execute(sql, params))


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
