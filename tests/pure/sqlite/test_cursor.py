"""The cursor of the core: rows piece by piece, undisturbed by others, ended by rollback and close."""

from __future__ import annotations

import gc
import os
import threading
from typing import Any

import pytest

from ferrow._core import Kinds, Shape, SqliteConnection, SqliteCursor
from ferrow.errors import DataError, InterfaceError, OperationalError, ProgrammingError, QueryCancelled
from tests.pure.sqlite.ask import TUPLES, rows, value

COUNT = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < ?) SELECT x FROM n"


def cursor(db: SqliteConnection, sql: str, params: Any = None, shape: Shape = TUPLES) -> SqliteCursor:
    return db.open_cursor(sql, params, shape)


@pytest.fixture
def table(db: SqliteConnection) -> SqliteConnection:
    db.script("CREATE TABLE t (a INTEGER PRIMARY KEY)")
    db.run_many("INSERT INTO t VALUES (?)", [(i,) for i in range(10)], TUPLES)
    return db


@pytest.mark.parametrize("size", [1, 3, 10, 11, 5000])
def test_all_rows_arrive_in_pieces_of_any_size(table: SqliteConnection, size: int) -> None:
    open_ = cursor(table, "SELECT a FROM t ORDER BY a")
    found, last = [], False
    while not last:
        piece, last = open_.fetch(size)
        assert len(piece) <= size
        found += piece
    assert found == [(i,) for i in range(10)]
    assert open_.fetch(size) == ([], True)


def test_a_piece_can_be_larger_than_a_batch(db: SqliteConnection) -> None:
    open_ = cursor(db, COUNT, [30_000], Shape.column())
    assert open_.fetch(10_000) == ([*range(1, 10_001)], False)
    assert open_.fetch(10**12) == ([*range(10_001, 30_001)], True)


def test_rows_have_the_shape_and_the_columns_are_named(db: SqliteConnection) -> None:
    db.script("CREATE TABLE t (day DATE); INSERT INTO t VALUES ('2024-01-02')")
    open_ = cursor(db, "SELECT day FROM t", None, Shape.dicts())
    assert (open_.columns, open_.type_codes) == (("day",), (1082,))
    assert repr(open_.fetch(5)) == "([{'day': datetime.date(2024, 1, 2)}], True)"
    kinds = Shape.column(0, Kinds(["bool"]))
    assert cursor(db, "SELECT 1", None, kinds).fetch(1)[0] == [True]


def test_an_empty_result_and_one_without_columns(db: SqliteConnection) -> None:
    empty = cursor(db, "SELECT 1 AS one WHERE false")
    assert (empty.columns, empty.fetch(1)) == (("one",), ([], True))
    nothing = cursor(db, "CREATE TABLE t (a)")
    assert (nothing.columns, nothing.fetch(1)) == ((), ([], True))


def test_other_statements_and_the_same_text_do_not_disturb_it(table: SqliteConnection) -> None:
    sql = "SELECT a FROM t ORDER BY a"
    one, two = cursor(table, sql), cursor(table, sql)
    assert one.fetch(3) == ([(0,), (1,), (2,)], False)
    assert rows(table, sql) == [(i,) for i in range(10)]
    assert two.fetch(1) == ([(0,)], False)
    assert one.fetch(2) == ([(3,), (4,)], False)
    table.script("UPDATE t SET a = a + 100 WHERE a = 9")
    assert one.fetch(99)[0] == [(5,), (6,), (7,), (8,), (109,)]


def test_writing_statements_run_whole_at_once(table: SqliteConnection) -> None:
    deleted = cursor(table, "DELETE FROM t RETURNING a", None, Shape.column())
    assert value(table, "SELECT count(*) FROM t") == 0
    assert table.status == "idle"
    assert deleted.fetch(4) == ([0, 1, 2, 3], False)
    assert deleted.fetch(6) == ([4, 5, 6, 7, 8, 9], True)


def test_it_survives_a_commit(table: SqliteConnection) -> None:
    table.script("BEGIN")
    open_ = cursor(table, "SELECT a FROM t ORDER BY a")
    table.script("INSERT INTO t VALUES (10); COMMIT")
    assert len(open_.fetch(99)[0]) == 11


@pytest.mark.parametrize("rollback", ["ROLLBACK", "INSERT OR ROLLBACK INTO t VALUES (0)"])
def test_a_rollback_ends_it(table: SqliteConnection, rollback: str) -> None:
    table.script("BEGIN; INSERT INTO t VALUES (10)")
    open_ = cursor(table, "SELECT a FROM t")
    try:
        table.script(rollback)
    except Exception:
        table.script("ROLLBACK")
    with pytest.raises(OperationalError, match="the cursor ended when a transaction") as caught:
        open_.fetch(1)
    assert caught.value.query == "SELECT a FROM t"
    with pytest.raises(InterfaceError, match="the cursor is closed"):
        open_.fetch(1)
    assert len(cursor(table, "SELECT a FROM t").fetch(99)[0]) == 10


def test_a_rollback_that_changes_the_schema_back_ends_it(table: SqliteConnection) -> None:
    table.script("BEGIN; CREATE TABLE u (b); INSERT INTO u VALUES (1), (2)")
    open_ = cursor(table, "SELECT b FROM u")
    table.script("ROLLBACK")
    with pytest.raises(OperationalError, match="rolled back"):
        open_.fetch(1)


def test_a_failed_statement_outside_a_transaction_does_not(table: SqliteConnection) -> None:
    open_ = cursor(table, "SELECT a FROM t ORDER BY a")
    with pytest.raises(Exception, match="UNIQUE"):
        rows(table, "INSERT INTO t VALUES (77), (1)")
    assert len(open_.fetch(99)[0]) == 10


def test_closing(table: SqliteConnection) -> None:
    open_ = cursor(table, "SELECT a FROM t")
    with pytest.raises(OperationalError, match="a cursor or a blob of this connection is open; close it first"):
        table.script("DROP TABLE t")
    open_.close()
    open_.close()
    with pytest.raises(InterfaceError, match="the cursor is closed"):
        open_.fetch(1)
    table.script("DROP TABLE t")


def test_a_forgotten_one_lets_go(table: SqliteConnection) -> None:
    open_: Any = cursor(table, "SELECT a FROM t")
    del open_
    gc.collect()
    table.script("DROP TABLE t")


def test_it_ends_with_its_connection(table: SqliteConnection) -> None:
    open_ = cursor(table, "SELECT a FROM t")
    table.close()
    with pytest.raises(InterfaceError, match="Connection is closed"):
        open_.fetch(1)
    open_.close()


def test_the_last_cursor_keeps_the_connection(path: str) -> None:
    def opened() -> SqliteCursor:
        return cursor(SqliteConnection(path), COUNT, [3])

    assert opened().fetch(9) == ([(1,), (2,), (3,)], True)


def test_errors_come_when_they_happen_and_end_it(db: SqliteConnection) -> None:
    with pytest.raises(ProgrammingError, match="0 parameters were given"):
        cursor(db, "SELECT ?")
    with pytest.raises(ProgrammingError, match="BEGIN gives no rows"):
        cursor(db, "BEGIN")
    open_ = cursor(db, "SELECT 1 AS a UNION ALL SELECT abs(-9223372036854775807 - 1)")
    with pytest.raises(Exception, match="integer overflow"):
        open_.fetch(5)
    with pytest.raises(InterfaceError, match="the cursor is closed"):
        open_.fetch(5)
    wrong = cursor(db, "VALUES (1), ('x')", None, Shape.tuples(Kinds(["int"])))
    assert wrong.fetch(1) == ([(1,)], False)
    with pytest.raises(DataError):
        wrong.fetch(1)


def test_it_is_refused_in_a_failed_transaction(table: SqliteConnection) -> None:
    with pytest.raises(Exception, match="UNIQUE"):
        table.script("BEGIN; INSERT OR ROLLBACK INTO t VALUES (1)")
    with pytest.raises(ProgrammingError, match="ignored until ROLLBACK"):
        cursor(table, "SELECT 1")


def test_it_can_be_interrupted_between_and_within(db: SqliteConnection) -> None:
    open_ = cursor(db, COUNT, [10**15])
    handle = db.interrupt_handle()
    timer = threading.Timer(0.05, handle.interrupt)
    timer.start()
    with pytest.raises(QueryCancelled):
        open_.fetch(10**15)
    timer.join()
    assert value(db, "SELECT 1") == 1


def test_it_cannot_be_used_from_inside_its_own_rows(db: SqliteConnection) -> None:
    class Nosy:
        def __init__(self, x: int) -> None:
            open_.fetch(1)

    open_ = cursor(db, COUNT, [3], Shape.instances(Nosy, ["x"], build="call"))
    with pytest.raises(InterfaceError, match="from inside one of its own results"):
        open_.fetch(1)


def test_closing_from_inside_its_own_rows_takes_effect_afterwards(db: SqliteConnection) -> None:
    class Closing:
        def __init__(self, x: int) -> None:
            open_.close()

    open_ = cursor(db, COUNT, [3], Shape.instances(Closing, ["x"], build="call"))
    assert len(open_.fetch(1)[0]) == 1
    with pytest.raises(InterfaceError, match="the cursor is closed"):
        open_.fetch(1)


def test_the_columns_are_those_of_the_moment_it_was_opened(file_db: SqliteConnection, path: str) -> None:
    file_db.script("CREATE TABLE t (a); INSERT INTO t VALUES (1), (2)")
    other = SqliteConnection(path)
    assert cursor(file_db, "SELECT * FROM t").columns == ("a",)
    open_ = cursor(file_db, "SELECT * FROM t")
    other.script("ALTER TABLE t ADD COLUMN b; UPDATE t SET b = 7")
    assert open_.fetch(9) == ([(1,), (2,)], True)
    assert cursor(file_db, "SELECT * FROM t").columns == ("a", "b")
    other.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
def test_a_forked_child_leaves_it_alone(file_db: SqliteConnection) -> None:
    file_db.script("CREATE TABLE t (a); INSERT INTO t VALUES (1), (2), (3)")
    open_ = cursor(file_db, "SELECT a FROM t")
    child = os.fork()
    if child == 0:
        try:
            open_.fetch(1)
        except InterfaceError:
            open_.close()
            os._exit(0)
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert open_.fetch(9) == ([(1,), (2,), (3,)], True)


def test_an_interrupted_statement_takes_no_open_cursor_with_it(table: SqliteConnection) -> None:
    """SQLite itself would go on to interrupt everything until nothing is open any more."""
    open_ = cursor(table, "SELECT a FROM t ORDER BY a")
    timer = threading.Timer(0.05, table.interrupt_handle().interrupt)
    timer.start()
    with pytest.raises(QueryCancelled):
        rows(table, COUNT.replace("SELECT x FROM", "SELECT count(*) FROM"), [10**15])
    timer.join()
    table.interrupt_handle().clear()
    assert value(table, "SELECT count(*) FROM t") == 10
    assert len(open_.fetch(99)[0]) == 10


def test_threads_share_one(db: SqliteConnection) -> None:
    open_ = cursor(db, COUNT, [20_000], Shape.column())
    found: list[int] = []

    def work() -> None:
        last = False
        while not last:
            piece, last = open_.fetch(17)
            found.extend(piece)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [*range(1, 20_001)]
