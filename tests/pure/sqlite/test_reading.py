"""What other programs stored is read as its column says, or not at all."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from ferrow._core import Kinds, Shape, SqliteConnection
from ferrow.errors import DataError, InterfaceError
from tests.pure.sqlite.ask import TUPLES, rows, value

READABLE = [
    ("BOOLEAN", "1", True),
    ("DATETIME", "'2024-01-02 03:04:05'", datetime(2024, 1, 2, 3, 4, 5)),
    ("TIMESTAMP", "'2024-01-02T03:04'", datetime(2024, 1, 2, 3, 4)),
    ("TIMESTAMP", "'2024-01-02 03:04:05.5'", datetime(2024, 1, 2, 3, 4, 5, 500000)),
    ("TIMESTAMP", "'2024-01-02 03:04:05.123456000'", datetime(2024, 1, 2, 3, 4, 5, 123456)),
    ("TIMESTAMPTZ", "'2024-01-02 03:04:05Z'", datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)),
    ("TIMESTAMP WITH TIME ZONE", "'2024-01-01 00:30:00+05:30'", datetime(2023, 12, 31, 19, 0, tzinfo=UTC)),
    ("TIMESTAMPTZ", "'2024-02-29 23:30:00-01:00'", datetime(2024, 3, 1, 0, 30, tzinfo=UTC)),
    ("TIMESTAMPTZ", "'2024-01-02 03:04:05'", datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)),
    ("DATE", "'2024-01-02'", date(2024, 1, 2)),
    ("TIME", "'03:04'", time(3, 4)),
    ("UUID", "x'6f9619ff8b86d011b42d00c04fc964ff'", UUID("6f9619ff-8b86-d011-b42d-00c04fc964ff")),
    ("NUMERIC(10, 2)", "'1.50'", Decimal("1.5")),
    ("DECIMAL", "12", Decimal(12)),
    ("JSON", "'[1, 2]'", [1, 2]),
    ("JSON", "'1'", 1),
    ("VARCHAR(10)", "'x'", "x"),
    ("", "'x'", "x"),
]


@pytest.mark.parametrize(("declared", "literal", "expected"), READABLE)
def test_common_forms_are_read(db: SqliteConnection, declared: str, literal: str, expected: Any) -> None:
    db.script(f"CREATE TABLE t (x {declared}); INSERT INTO t VALUES ({literal})")
    back = value(db, "SELECT x FROM t")
    assert (back, type(back)) == (expected, type(expected))


WRONG = [
    ("BOOLEAN", "2"),
    ("BOOLEAN", "'true'"),
    ("DATE", "'2024-02-30'"),
    ("DATE", "'2024-01-01 00:00:00'"),
    ("DATE", "19000"),
    ("TIMESTAMP", "1700000000"),
    ("TIMESTAMP", "'2024-01-02'"),
    ("TIMESTAMP", "'2024-01-02 03:04:05+00:00'"),
    ("TIMESTAMP", "'2024-01-02 03:04:05.1234567'"),
    ("TIMESTAMP", "'2024-01-02 24:00:00'"),
    ("TIMESTAMPTZ", "'0001-01-01 00:00:00+01:00'"),
    ("TIMESTAMPTZ", "'2024-13-01 00:00:00+01:00'"),
    ("TIME", "'25:00'"),
    ("UUID", "'6f9619ff-8b86-d011-b42d-00c04fc964fg'"),
    ("UUID", "x'00'"),
    ("DECIMAL_TEXT", "'1_0'"),
    ("DECIMAL_TEXT", "' 1'"),
    ("JSON_TEXT", "'{'"),
    ("JSON_TEXT", "x'00'"),
]


@pytest.mark.parametrize(("declared", "literal"), WRONG)
def test_what_is_not_of_the_declared_type_is_an_error(db: SqliteConnection, declared: str, literal: str) -> None:
    db.script(f"CREATE TABLE t (odd {declared}); INSERT INTO t VALUES (NULL), ({literal})")
    with pytest.raises(DataError, match="column odd"):
        rows(db, "SELECT odd FROM t")
    # The statement is reset: the table is free, and the raw value can be had.
    assert rows(db, "SELECT +odd FROM t")[1][0] is not None
    db.script("DROP TABLE t")


def test_text_that_is_not_utf8_is_an_error(db: SqliteConnection) -> None:
    with pytest.raises(DataError, match=r"column a: the text 'a\\xff' is not UTF-8"):
        rows(db, "SELECT CAST(x'61ff' AS TEXT) AS a")


def test_explicit_kinds_are_strict(db: SqliteConnection) -> None:
    for kind, literal in [("int", "1.5"), ("int", "'1'"), ("text", "1"), ("float", "'1'"), ("bytes", "'a'")]:
        with pytest.raises(DataError, match=f"no valid {kind}"):
            db.run(f"SELECT {literal}", None, Shape.tuples(Kinds([kind])))
    assert db.run("SELECT 1", None, Shape.tuples(Kinds(["float"]))).rows == [(1.0,)]


def test_an_error_in_the_last_of_many_rows_leaves_the_connection_usable(db: SqliteConnection) -> None:
    db.script("CREATE TABLE t (id INTEGER PRIMARY KEY, at DATE)")
    db.run_many("INSERT INTO t VALUES (?, ?)", [(i, date(2024, 1, 1)) for i in range(5000)], TUPLES)
    db.script("UPDATE t SET at = 'never' WHERE id = 4999")
    with pytest.raises(DataError, match="column at: the TEXT value 'never' is no valid date"):
        rows(db, "SELECT id, at FROM t ORDER BY id")
    assert db.status == "idle"
    assert len(rows(db, "SELECT id, at FROM t WHERE id < 4999")) == 4999


def test_kinds_and_columns_must_agree(db: SqliteConnection) -> None:
    with pytest.raises(InterfaceError, match="kinds for 2 columns, but the result has 1"):
        db.run("SELECT 1", None, Shape.tuples(Kinds(["int", "int"])))


def test_shapes(db: SqliteConnection) -> None:
    class User:
        id: int
        name: str

    sql = "SELECT 1 AS id, 'Ada' AS name"
    assert db.run(sql, None, Shape.dicts()).rows == [{"id": 1, "name": "Ada"}]
    assert db.run(sql, None, Shape.column(1)).rows == ["Ada"]
    (row,) = db.run(sql, None, Shape.rows()).rows
    assert (row["name"], row[0]) == ("Ada", 1)
    (user,) = db.run(sql, None, Shape.instances(User, ["id", "name"], build="dict")).rows
    assert (user.id, user.name) == (1, "Ada")


def test_a_shape_of_another_width_is_refused_before_anything_runs(db: SqliteConnection) -> None:
    db.script("CREATE TABLE t (a, b)")
    shape = Shape.instances(type("Narrow", (), {}), ["a"], build="dict")
    with pytest.raises(InterfaceError):
        db.run("INSERT INTO t VALUES (1, 2) RETURNING a, b", None, shape)
    assert value(db, "SELECT count(*) FROM t") == 0


def test_convert_gets_the_decoded_value(db: SqliteConnection) -> None:
    class Box:
        at: Any

    shape = Shape.instances(Box, ["at"], build="dict", kinds=Kinds(["date"]), convert=[lambda day: day.year])
    assert [box.at for box in db.run("SELECT '2024-05-06' UNION ALL SELECT NULL", None, shape).rows] == [2024, None]
