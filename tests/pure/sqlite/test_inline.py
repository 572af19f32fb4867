"""Short reads in the thread of whoever asks: what is tried, what is taken back, and what is remembered."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

from ferrow._core import Shape, SqliteConnection
from ferrow.errors import DatabaseError
from tests.pure.sqlite.ask import TUPLES, rows, value
from tests.pure.sqlite.attempts import COUNT, ENDLESS, TRIES, inline, never


@pytest.fixture
def db(path: str) -> Iterator[SqliteConnection]:
    connection = SqliteConnection(path, inline_reads=True)
    connection.script("CREATE TABLE t (a INTEGER PRIMARY KEY, b)")
    connection.run_many("INSERT INTO t VALUES (?, ?)", [(n, f"text {n}") for n in range(2000)], TUPLES)
    yield connection
    connection.close()


def test_a_read_has_to_show_that_it_is_quick(db: SqliteConnection) -> None:
    sql = "SELECT b FROM t WHERE a = ?"
    assert db.attempt(sql, [7], TUPLES) is None
    assert inline(db, sql, [7]).rows == [("text 7",)]


def test_results_are_those_of_run(db: SqliteConnection) -> None:
    for shape in (TUPLES, Shape.rows(), Shape.dicts(), Shape.column(1)):
        for sql, params in (
            ("SELECT a, b FROM t WHERE a < ?", [30]),
            ("SELECT a, b FROM t WHERE a = :a", {"a": 5}),
            ("VALUES (1, NULL), (2.5, x'00')", None),
            ("WITH w AS (SELECT * FROM t LIMIT 3) SELECT a, b FROM w", None),
            ("SELECT a, b FROM t WHERE a < 0", None),
        ):
            expected, found = db.run(sql, params, shape), inline(db, sql, params, shape)
            assert found.rows == expected.rows
            assert (found.rowcount, found.status, found.columns) == (
                expected.rowcount,
                expected.status,
                expected.columns,
            )


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO t (b) VALUES ('x')",
        "INSERT INTO t (b) VALUES ('x') RETURNING a",
        "WITH w AS (SELECT 1) UPDATE t SET b = 'x' WHERE a = 1",
        "DELETE FROM t WHERE a = 1 RETURNING b",
        "PRAGMA user_version",
        "SAVEPOINT s",
        "CREATE TABLE IF NOT EXISTS u (a)",
    ],
)
def test_only_queries_run_inline(db: SqliteConnection, sql: str) -> None:
    for _ in range(3):
        rows(db, sql)
        before = value(db, "SELECT total_changes()")
        assert db.attempt(sql, None, TUPLES) is None
        assert value(db, "SELECT total_changes()") == before


def test_a_read_that_runs_out_of_steps_has_not_happened(db: SqliteConnection) -> None:
    never(db, COUNT, [ENDLESS], after=[3])
    assert rows(db, COUNT, [5000]) == [(5000,)]
    # Each number takes a step at least, and no more than 25.
    assert inline(db, COUNT, [40]).rows == [(40,)]
    never(db, COUNT, [1000], after=[3])


def test_steps_are_those_of_one_execution(db: SqliteConnection) -> None:
    sql = "SELECT b FROM t WHERE a = ?"
    inline(db, sql, [0])
    done = 0
    for number in range(1000):
        found = db.attempt(sql, [number], TUPLES)
        done += found is not None
        if found is None:
            found = db.run(sql, [number], TUPLES)
        assert found.rows == [(f"text {number}",)]
    assert done > 500


def test_what_ran_out_of_steps_is_remembered(db: SqliteConnection) -> None:
    never(db, COUNT, [ENDLESS], after=[3])
    for _ in range(7):
        assert db.attempt(COUNT, [3], TUPLES) is None
        rows(db, COUNT, [3])
    assert inline(db, COUNT, [3]).rows == [(3,)]


def test_many_rows_are_too_many_steps(db: SqliteConnection) -> None:
    never(db, "SELECT a FROM t WHERE a < ?", [2000], after=[3])
    assert len(rows(db, "SELECT a FROM t WHERE a < ?", [2000])) == 2000


def test_a_long_value_does_not_run_inline(db: SqliteConnection) -> None:
    db.run("UPDATE t SET b = ? WHERE a = 1", [b"x" * 1_000_000], TUPLES)
    never(db, "SELECT b FROM t WHERE a = ?", [1], after=[2])
    never(db, "SELECT ?", ["x" * 100_000], after=["x" * 10_000])
    never(db, "SELECT randomblob(?)", [1_000_000], after=[1])
    # The limit was for the attempt alone.
    assert value(db, "SELECT b FROM t WHERE a = ?", [1]) == b"x" * 1_000_000
    assert len(value(db, "SELECT ?", ["x" * 100_000])) == 100_000


@pytest.mark.parametrize(
    ("sql", "params"),
    [
        ("SELECT count(*) FROM t", None),
        ("SELECT (SELECT count(*) FROM t), 1", None),
        ("SELECT x FROM words WHERE words MATCH ?", ["quick"]),
        ("SELECT id FROM boxes WHERE x1 > ?", [1]),
        ("SELECT words.x FROM json_each(?) AS j, words WHERE words.rowid = j.value", ["[1]"]),
        ("SELECT b FROM t WHERE a = 1 AND b LIKE ?", ["%1"]),
        ("SELECT b FROM t WHERE a = 1 AND b GLOB ?", ["*1"]),
        ("SELECT instr(b, ?) FROM t WHERE a = 1", ["1"]),
        ("SELECT replace(b, ?, 'x') FROM t WHERE a = 1", ["1"]),
        ("SELECT trim(b, ?) FROM t WHERE a = 1", ["1"]),
        ("SELECT ferrow_ilike(b, ?) FROM t WHERE a = 1", ["%1"]),
        ("SELECT name FROM pragma_table_info('t')", None),
    ],
)
def test_a_step_that_can_take_any_time_never_runs_inline(db: SqliteConnection, sql: str, params: Any) -> None:
    db.script("CREATE VIRTUAL TABLE words USING fts5(x); CREATE VIRTUAL TABLE boxes USING rtree(id, x0, x1)")
    for _ in range(20):
        rows(db, sql, params)
        assert db.attempt(sql, params, TUPLES) is None


@pytest.mark.parametrize(
    ("sql", "params"),
    [
        ("SELECT a FROM t WHERE a IN (SELECT value FROM json_each(?))", ["[1, 2]"]),
        ("SELECT min(a), sum(a), upper(b), date('now') FROM t WHERE a < 5 GROUP BY b ORDER BY b COLLATE decimal", None),
        ("SELECT row_number() OVER (ORDER BY b), b || 'x', b ->> '$' FROM (SELECT '1' AS b)", None),
        ("SELECT count(*) FROM t WHERE a < ?", [5]),
        ("SELECT decimal_sum(a), ferrow_upper(max(b)) FROM t WHERE a < 5", None),
    ],
)
def test_steps_of_one_row_or_value_run_inline(db: SqliteConnection, sql: str, params: Any) -> None:
    assert inline(db, sql, params).rows == rows(db, sql, params)


def test_a_changed_schema_changes_the_steps(db: SqliteConnection) -> None:
    sql = "SELECT * FROM v"
    db.script("CREATE VIEW v AS SELECT a FROM t WHERE a = 7")
    assert inline(db, sql).rows == [(7,)]
    db.script("DROP VIEW v; CREATE VIEW v AS SELECT count(*) FROM t")
    assert rows(db, sql) == [(2000,)]
    never(db, sql)
    rows(db, sql)
    never(db, sql)


def test_steps_that_take_long_end_by_the_clock(db: SqliteConnection) -> None:
    """Each row takes thirty steps and, with a long text, a good part of a millisecond."""
    checks = " + ".join(["json_valid(?1 || b)"] * 6)
    sql = f"SELECT sum({checks}) FROM t WHERE a < 30"
    never(db, sql, ["[" + "1," * 7000 + "1]"], after=["1"])


def test_an_attempt_waits_for_no_lock() -> None:
    name = "file:/inline-lock?vfs=memdb"
    reader = SqliteConnection(name, uri=True, busy_timeout=3600, inline_reads=True)
    writer = SqliteConnection(name, uri=True)
    reader.script("CREATE TABLE t (a)")
    assert inline(reader, "SELECT max(a) FROM t").rows == [(None,)]
    writer.script("BEGIN EXCLUSIVE; INSERT INTO t VALUES (1)")
    never(reader, "SELECT max(a) FROM t")
    writer.script("COMMIT")
    # A lock in the way says nothing about the statement.
    assert inline(reader, "SELECT max(a) FROM t").rows == [(1,)]
    reader.close()
    writer.close()


def test_reads_of_a_transaction_see_its_writes(db: SqliteConnection) -> None:
    sql = "SELECT b FROM t WHERE a = 1"
    inline(db, sql)
    db.script("BEGIN")
    inline(db, COUNT, [3])
    never(db, COUNT, [ENDLESS])
    db.run("UPDATE t SET b = 'new' WHERE a = 1", None, TUPLES)
    assert rows(db, sql) == [("new",)]
    assert db.status == "transaction"
    db.script("ROLLBACK")
    assert inline(db, sql).rows == [("text 1",)]


def test_in_memory_so_do_those_in_the_own_thread() -> None:
    db = SqliteConnection(":memory:", inline_reads=True)
    db.script("CREATE TABLE t (a); BEGIN; INSERT INTO t VALUES ('new')")
    assert inline(db, "SELECT a FROM t").rows == [("new",)]
    never(db, COUNT, [ENDLESS], after=[3])
    assert db.status == "transaction"
    db.script("COMMIT")
    assert rows(db, "SELECT a FROM t") == [("new",)]
    db.close()


def test_a_failed_transaction_refuses_reads(db: SqliteConnection) -> None:
    inline(db, "SELECT 1")
    db.script("BEGIN")
    with pytest.raises(DatabaseError):
        rows(db, "INSERT OR ROLLBACK INTO t VALUES (1, 'there already')")
    assert db.status == "failed"
    never(db, "SELECT 1")


def test_a_changed_schema_is_noticed(db: SqliteConnection, path: str) -> None:
    sql = "SELECT * FROM t WHERE a = 1"
    assert inline(db, sql).columns == ("a", "b")
    other = SqliteConnection(path)
    other.script("ALTER TABLE t ADD COLUMN c DEFAULT 5")
    other.close()
    found = db.attempt(sql, None, TUPLES) or db.run(sql, None, TUPLES)
    assert (found.columns, found.rows) == (("a", "b", "c"), [(1, "text 1", 5)])


def test_errors_are_those_of_run(db: SqliteConnection) -> None:
    sql = "SELECT abs(?1)"
    inline(db, sql, [-5])
    with pytest.raises(DatabaseError, match="overflow"):
        for _ in range(TRIES):
            if db.attempt(sql, [-(2**63)], TUPLES) is None:
                rows(db, sql, [-5])
    assert inline(db, sql, [-5]).rows == [(5,)]


def test_an_error_of_a_constructor_leaves_the_connection_usable(db: SqliteConnection) -> None:
    class Broken:
        def __init__(self, a: int) -> None:
            if a == 2:
                raise ZeroDivisionError

    shape = Shape.instances(Broken, ["a"], build="call")
    sql = "SELECT a FROM t WHERE a <= ?"
    assert len(inline(db, sql, [1], shape).rows) == 2
    with pytest.raises(ZeroDivisionError):
        inline(db, sql, [2], shape)
    assert inline(db, sql, [1], TUPLES).rows == [(0,), (1,)]


def test_an_attempt_from_inside_is_no_attempt(db: SqliteConnection) -> None:
    inline(db, "SELECT 1")
    seen: list[object] = []

    class Nosy:
        def __init__(self, a: int) -> None:
            seen.append(db.attempt("SELECT 1", None, TUPLES))

    inline(db, "SELECT a FROM t WHERE a = 1", None, Shape.instances(Nosy, ["a"], build="call"))
    assert set(seen) == {None}


def test_the_allowance_ends_and_begins_anew(db: SqliteConnection) -> None:
    sql = "SELECT b FROM t WHERE a = 1"
    inline(db, sql)
    inline(db, COUNT, [20])
    for text, params, most in ((sql, None, 200), (COUNT, [20], 60)):
        for _ in range(5):
            for number in count():
                if db.attempt(text, params, TUPLES) is None:
                    break
                assert number <= most
            db.run(text, params, TUPLES)


def test_the_allowance_is_one_of_time_as_well(db: SqliteConnection) -> None:
    """By its ten steps such a read could be made 160 times."""
    sql, params = "SELECT json_valid(?)", ["[" + "1," * 5000 + "1]"]
    for _ in range(20):
        inline(db, sql, params)
        for number in count():
            if db.attempt(sql, params, TUPLES) is None:
                break
            assert number <= 100


def test_without_the_option_nothing_runs_inline(path: str) -> None:
    connection = SqliteConnection(path)
    rows(connection, "SELECT 1")
    never(connection, "SELECT 1")
    connection.close()
