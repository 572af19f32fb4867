"""Running statements: parameters, counts, errors, the cache, batches, scripts."""

from collections import UserDict, UserList
from typing import Any

import pytest

from ferrow._core import Kinds, Shape, SqliteConnection
from ferrow.errors import (
    CheckViolation,
    DatabaseError,
    DataError,
    ForeignKeyViolation,
    NotNullViolation,
    ProgrammingError,
    UniqueViolation,
)
from tests.pure.sqlite.ask import TUPLES, rows, value


def test_parameters_by_position_and_by_name(db: SqliteConnection) -> None:
    assert rows(db, "SELECT ?, ?", [1, "a"]) == [(1, "a")]
    assert rows(db, "SELECT ?2, ?1", (1, "a")) == [("a", 1)]
    assert rows(db, "SELECT ?, ?", UserList([1, 2])) == [(1, 2)]
    assert rows(db, "SELECT :a, @b, $c, :a", {"a": 1, "b": 2, "c": 3}) == [(1, 2, 3, 1)]
    assert rows(db, "SELECT :a", UserDict(a=1)) == [(1,)]
    assert rows(db, "SELECT :a, @a, $a", {"a": 1}) == [(1, 1, 1)]
    assert rows(db, "SELECT 1", {}) == [(1,)]
    assert rows(db, "SELECT :a, :b", [1, 2]) == [(1, 2)]


@pytest.mark.parametrize(
    ("sql", "params", "message"),
    [
        ("SELECT ?, ?", [1], "the statement has 2 placeholders, 1 parameter was given"),
        ("SELECT ?", [1, 2], "has 1 placeholder, 2 parameters were given"),
        ("SELECT ?", None, "0 parameters were given"),
        ("SELECT ?3", [1], "3 placeholders"),
        ("SELECT :a, :b", {"a": 1}, "no value for 'b'. It takes 'a', 'b'"),
        ("SELECT :a, @b, :a", {"a": 1, "b": 2, "c": 3}, "no placeholder for 'c'. It takes 'a', 'b'"),
        ("SELECT :a, @a", {"a": 1, "b": 2}, "no placeholder for 'b'. It takes 'a'$"),
        ("SELECT 1", {"a": 1}, "no placeholder for 'a'. It takes none"),
        ("SELECT :a, ?", {"a": 1}, "parameter 2 has no name"),
        ("SELECT ?", {"a": 1}, "parameter 1 has no name"),
        ("SELECT ?", "a", "not str"),
        ("SELECT ?", b"a", "not bytes"),
        ("SELECT ?", 5, "not int"),
    ],
)
def test_wrong_parameters_are_refused(db: SqliteConnection, sql: str, params: Any, message: str) -> None:
    with pytest.raises(ProgrammingError, match=message):
        rows(db, sql, params)


def test_nothing_runs_when_parameters_are_wrong(db: SqliteConnection) -> None:
    db.script("CREATE TABLE t (a INTEGER)")
    with pytest.raises(ProgrammingError):
        rows(db, "INSERT INTO t VALUES (?)", [])
    with pytest.raises(DataError):
        rows(db, "INSERT INTO t VALUES (?)", ["x"], ["int"])
    with pytest.raises(ProgrammingError, match="2 kinds were given"):
        rows(db, "INSERT INTO t VALUES (?)", [1], ["int", "int"])
    assert value(db, "SELECT count(*) FROM t") == 0


def test_the_name_of_a_parameter_is_in_the_error(db: SqliteConnection) -> None:
    with pytest.raises(DataError, match=r"parameter 1 \(:age\): expected int, got str"):
        rows(db, "SELECT :age", {"age": "x"}, ["int"])


def test_counts_and_status(db: SqliteConnection) -> None:
    def ran(sql: str) -> tuple[int, str]:
        result = db.run(sql, None, TUPLES)
        return result.rowcount, result.status

    assert ran("CREATE TABLE t (a INTEGER PRIMARY KEY, b)") == (-1, "CREATE TABLE")
    assert ran("CREATE UNIQUE INDEX i ON t (b)") == (-1, "CREATE INDEX")
    assert ran("INSERT INTO t VALUES (1, 'x'), (2, 'y')") == (2, "INSERT 2")
    assert ran("INSERT INTO t (b) VALUES ('z') RETURNING a") == (1, "INSERT 1")
    assert ran("/* WITH */ WITH u(a) AS (SELECT 9) -- SELECT\n INSERT INTO t SELECT a, 'q(' FROM u") == (1, "INSERT 1")
    assert ran("UPDATE t SET b = b || '1'") == (4, "UPDATE 4")
    assert ran("DELETE FROM t WHERE a = 77") == (0, "DELETE 0")
    assert ran("SELECT * FROM t") == (4, "SELECT 4")
    assert ran("WITH u AS (DELETE_ME) SELECT 1".replace("DELETE_ME", "SELECT 1")) == (1, "SELECT 1")
    assert ran("VALUES (1), (2)") == (2, "SELECT 2")
    assert ran("PRAGMA user_version") == (1, "PRAGMA 1")
    assert ran("BEGIN") == (-1, "BEGIN")
    assert ran("COMMIT") == (-1, "COMMIT")


def test_columns_and_type_codes(db: SqliteConnection) -> None:
    db.script("CREATE TABLE t (day DATE, note TEXT)")
    result = db.run("SELECT day, note, 1 AS one FROM t", None, TUPLES)
    assert result.columns == ("day", "note", "one")
    assert result.type_codes == (1082, 25, 0)
    assert result.type_modifiers == ()


@pytest.mark.parametrize(
    ("declared", "code"),
    [
        ("INTEGER", 20), ("int", 20), ("TINYINT", 20), ("CHARINT", 20), ("VARCHAR(20)", 25), ("native character(5)", 25), ("CLOB", 25),
        ("BLOB", 17), ("bytea", 17), ("REAL", 701), ("FLOAT", 701), ("DOUBLE PRECISION", 701), ("BOOLEAN", 16), ("NUMERIC(10, 2)", 1700),
        ("TIMESTAMP WITH TIME ZONE", 1184), ("UUID", 2950), ("JSON", 114), ("", 0), ("ANYTHING", 0),
    ],
)  # fmt: skip
def test_type_codes_of_declared_types(db: SqliteConnection, declared: str, code: int) -> None:
    db.script(f"CREATE TABLE t (a {declared})")
    assert db.run("SELECT a FROM t", None, TUPLES).type_codes == (code,)


def test_last_rowid(db: SqliteConnection) -> None:
    db.script("CREATE TABLE t (a INTEGER PRIMARY KEY, b UNIQUE)")
    assert db.run("INSERT INTO t (b) VALUES (1), (2)", None, TUPLES).last_rowid == 2
    assert db.run("REPLACE INTO t VALUES (9, 1) RETURNING a", None, TUPLES).last_rowid == 9
    assert db.run_many("INSERT INTO t (b) VALUES (?)", [[7], [8]], TUPLES).last_rowid == 11
    for sql in (
        "SELECT 1",
        "UPDATE t SET b = 10 WHERE a = 9",
        "INSERT OR IGNORE INTO t (b) VALUES (10)",
        "DELETE FROM t",
    ):
        assert db.run(sql, None, TUPLES).last_rowid is None


@pytest.mark.parametrize("sql", ["SELECT 1; SELECT 2", "SELECT 1;\nSELEC 2", "SELECT 1; CREATE TABLE t (a)"])
def test_several_statements_are_for_scripts(db: SqliteConnection, sql: str) -> None:
    with pytest.raises(ProgrammingError, match=r"script\(\)"):
        rows(db, sql)


def test_a_semicolon_and_comments_may_follow(db: SqliteConnection) -> None:
    assert rows(db, " SELECT 1 ; -- done\n /* really */ ;") == [(1,)]


@pytest.mark.parametrize("sql", ["", "  ", "-- nothing"])
def test_no_statement_is_an_error(db: SqliteConnection, sql: str) -> None:
    with pytest.raises(ProgrammingError, match="no statement"):
        rows(db, sql)


def test_a_zero_byte_in_sql_is_refused(db: SqliteConnection) -> None:
    for call in (lambda: rows(db, "SELECT 1\0, 2"), lambda: db.script("SELECT 1\0; SELECT 2")):
        with pytest.raises(ProgrammingError, match="zero byte"):
            call()


def test_sql_with_a_lone_surrogate_is_refused(db: SqliteConnection) -> None:
    with pytest.raises(ProgrammingError, match="lone surrogate"):
        rows(db, "SELECT '\ud800'")


def test_a_batch_can_return_more_than_it_is_good_to_hold(db: SqliteConnection) -> None:
    found = db.run_many("SELECT ?1, zeroblob(20000)", [[i] for i in range(500)], TUPLES).rows
    assert [row[0] for row in found] == [*range(500)]
    assert {len(row[1]) for row in found} == {20000}


def test_syntax_errors_say_where(db: SqliteConnection) -> None:
    with pytest.raises(ProgrammingError, match="no such column: nope") as caught:
        rows(db, "SELECT 'ü', nope")
    assert caught.value.position == 13
    assert caught.value.query == "SELECT 'ü', nope"
    with pytest.raises(ProgrammingError) as caught:
        db.script("SELECT 1; SELECT nope")
    assert caught.value.position == 18


def test_a_double_quoted_name_is_never_a_string(db: SqliteConnection) -> None:
    with pytest.raises(ProgrammingError, match="no such column"):
        rows(db, 'SELECT "nope"')


def test_violations(db: SqliteConnection) -> None:
    db.script(
        "CREATE TABLE u (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, age INTEGER CONSTRAINT grown CHECK (age > 0),"
        " boss INTEGER REFERENCES u (id)); INSERT INTO u VALUES (1, 'a', 1, NULL)"
    )
    for values, error, column, constraint in [
        ("1, 'b', 1, NULL", UniqueViolation, "id", None),
        ("2, 'a', 1, NULL", UniqueViolation, "email", None),
        ("2, NULL, 1, NULL", NotNullViolation, "email", None),
        ("2, 'b', 0, NULL", CheckViolation, None, "grown"),
        ("2, 'b', 1, 99", ForeignKeyViolation, None, None),
    ]:
        with pytest.raises(error) as caught:
            rows(db, f"INSERT INTO u VALUES ({values})")
        assert (caught.value.column, caught.value.constraint) == (column, constraint)
        assert caught.value.table == ("u" if column else None)
        assert caught.value.query is not None


def test_cached_statements_follow_the_schema(db: SqliteConnection) -> None:
    db.script("CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (1)")
    sql = "SELECT * FROM t"
    assert rows(db, sql) == [(1,)]
    db.script("ALTER TABLE t ADD COLUMN day DATE DEFAULT '2024-01-01'")
    result = db.run(sql, None, Shape.dicts())
    assert result.columns == ("a", "day")
    assert repr(result.rows) == "[{'a': 1, 'day': datetime.date(2024, 1, 1)}]"
    db.script("DROP TABLE t; CREATE TABLE t (z TEXT)")
    assert db.run(sql, None, TUPLES).columns == ("z",)
    db.run_many("INSERT INTO t VALUES (?) RETURNING *", [["x"]], TUPLES)
    db.script("ALTER TABLE t ADD COLUMN more DEFAULT 5")
    db.run_many("DELETE FROM t WHERE z = ?", [["x"]], TUPLES)
    assert db.run_many("INSERT INTO t (z) VALUES (?) RETURNING *", [["y"], ["z"]], TUPLES).rows == [("y", 5), ("z", 5)]


@pytest.mark.parametrize("size", [0, 1, 3])
def test_a_small_cache_changes_no_answer(size: int) -> None:
    db = SqliteConnection(":memory:", statement_cache_size=size)
    for number in [*range(8), 0, 0, 7, 3, 7]:
        assert value(db, f"SELECT {number} + ?", [1]) == number + 1
    db.close()


def test_a_result_can_be_larger_than_any_batch(db: SqliteConnection) -> None:
    sql = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 50000) SELECT x, printf('%0100d', x) FROM n"
    found = rows(db, sql)
    assert [row[0] for row in found] == [*range(1, 50001)]
    assert all(int(row[1]) == row[0] for row in found)


def test_a_batch_is_all_or_nothing(db: SqliteConnection) -> None:
    db.script("CREATE TABLE t (a INTEGER PRIMARY KEY)")
    result = db.run_many("INSERT INTO t VALUES (?) RETURNING a * 10", [(i,) for i in range(3000)], TUPLES)
    assert result.rows == [(i * 10,) for i in range(3000)]
    assert (result.rowcount, result.status) == (3000, "INSERT 3000")
    with pytest.raises(UniqueViolation) as caught:
        db.run_many("INSERT INTO t VALUES (?)", [(i,) for i in [*range(5000, 7000), 5]], TUPLES)
    assert caught.value.__notes__ == ["in row 2001 of the batch"]
    with pytest.raises(DataError, match=r"parameter 1 of row 2001: expected int, got str"):
        db.run_many("INSERT INTO t VALUES (?)", [(i,) for i in [*range(5000, 7000), "x"]], TUPLES, Kinds(["int"]))
    with pytest.raises(ProgrammingError, match=r"1 placeholder, 0 parameters were given \(row 2\)"):
        db.run_many("INSERT INTO t VALUES (?)", [(9000,), ()], TUPLES)
    assert value(db, "SELECT count(*) FROM t") == 3000
    assert db.status == "idle"


def test_a_batch_inside_a_transaction_is_a_savepoint(db: SqliteConnection) -> None:
    db.script("CREATE TABLE t (a INTEGER PRIMARY KEY); BEGIN; INSERT INTO t VALUES (1)")
    db.run_many("INSERT INTO t VALUES (?)", [(2,), (3,)], TUPLES)
    with pytest.raises(UniqueViolation):
        db.run_many("INSERT INTO t VALUES (?)", [(4,), (1,)], TUPLES)
    assert db.in_transaction
    db.script("COMMIT")
    assert rows(db, "SELECT a FROM t") == [(1,), (2,), (3,)]


def test_a_batch_takes_any_iterable_and_may_be_empty(db: SqliteConnection) -> None:
    db.script("CREATE TABLE t (a)")
    assert db.run_many("INSERT INTO t VALUES (?)", ([i] for i in range(10)), TUPLES).rowcount == 10
    assert db.run_many("INSERT INTO t VALUES (:a)", [{"a": 1}], TUPLES).rowcount == 1
    assert db.run_many("INSERT INTO t VALUES (?)", [], TUPLES).rowcount == 0

    def broken() -> Any:
        yield [1]
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        db.run_many("INSERT INTO t VALUES (?)", broken(), TUPLES)
    assert value(db, "SELECT count(*) FROM t") == 11
    with pytest.raises(ProgrammingError, match="SAVEPOINT cannot be run many times"):
        db.run_many("SAVEPOINT x", [[]], TUPLES)


def test_a_connection_cannot_be_used_from_inside_its_own_result(db: SqliteConnection) -> None:
    class Nosy:
        def __init__(self, a: int) -> None:
            rows(db, "SELECT 2")

    with pytest.raises(DatabaseError, match="from inside one of its own results"):
        db.run("SELECT 1 AS a", None, Shape.instances(Nosy, ["a"], build="call"))
    assert value(db, "SELECT 3") == 3


def test_use_after_close(db: SqliteConnection) -> None:
    db.close()
    db.close()
    assert db.closed
    for call in (
        lambda: rows(db, "SELECT 1"),
        lambda: db.script("SELECT 1"),
        lambda: db.run_many("SELECT 1", [[]], TUPLES),
    ):
        with pytest.raises(DatabaseError, match="Connection is closed"):
            call()
