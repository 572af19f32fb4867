"""A batch is what a loop would do, or nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ferrow._core import Shape, SqliteConnection
from ferrow.errors import DatabaseError, ForeignKeyViolation

TUPLES = Shape.tuples()
NUMBER = st.integers(0, 5)
STATEMENT = st.one_of(
    NUMBER.map("INSERT INTO t VALUES ({})".format),
    NUMBER.map("INSERT OR REPLACE INTO t VALUES ({0}), ({0} + 10)".format),
    NUMBER.map("INSERT OR FAIL INTO t VALUES ({0} + 20), ({0})".format),
    NUMBER.map("DELETE FROM t WHERE n > {}".format),
    NUMBER.map("UPDATE t SET n = n + 100 WHERE n = {}".format),
    NUMBER.map("SELECT n FROM t WHERE n >= {}".format),
    st.sampled_from(
        ["", "-- nothing", "CREATE TABLE u (n)", "DROP TABLE u", "SELEC 1", "SELECT 1; SELECT 2", "SELECT ?"]
    ),
)


def opened() -> SqliteConnection:
    connection = SqliteConnection(":memory:")
    connection.script("CREATE TABLE t (n INTEGER PRIMARY KEY); INSERT INTO t VALUES (3)")
    return connection


def contents(connection: SqliteConnection) -> list[tuple[int, ...]]:
    return connection.run("SELECT n FROM t ORDER BY n", None, TUPLES).rows


@given(st.lists(STATEMENT, max_size=8), st.booleans())
def test_a_batch_is_a_loop_or_nothing(statements: list[str], inside: bool) -> None:
    looped, batched = opened(), opened()
    if inside:
        batched.script("BEGIN")
    counts: list[int] = []
    failed = None
    for number, sql in enumerate(statements, 1):
        try:
            nothing = not sql or sql.startswith("--")
            counts.append(0 if nothing else max(0, looped.run(sql, None, TUPLES).rowcount))
        except DatabaseError as error:
            failed = (number, type(error))
            break
    if failed is None:
        assert batched.batch(tuple(statements)) == counts
        assert contents(batched) == contents(looped)
    else:
        with pytest.raises(DatabaseError) as caught:
            batched.batch(tuple(statements))
        assert (caught.value.statement, type(caught.value)) == failed
        assert contents(batched) == contents(opened())
    assert batched.status == ("transaction" if inside else "idle")


@pytest.mark.parametrize("inside", [False, True])
def test_a_single_statement_is_all_or_nothing_too(inside: bool) -> None:
    connection = opened()
    connection.script("CREATE TRIGGER no AFTER INSERT ON t WHEN new.n = 5 BEGIN SELECT RAISE(FAIL, 'no fives'); END")
    if inside:
        connection.script("BEGIN")
    for sql in ("INSERT INTO t VALUES (1), (5)", "INSERT OR FAIL INTO t VALUES (1), (3)"):
        with pytest.raises(DatabaseError) as caught:
            connection.batch((sql,))
        assert (caught.value.statement, caught.value.query) == (1, sql)
        assert contents(connection) == [(3,)]
    assert connection.status == ("transaction" if inside else "idle")


def test_what_a_single_statement_breaks_at_its_end_is_its_error() -> None:
    connection = opened()
    connection.script("CREATE TABLE u (n REFERENCES t DEFERRABLE INITIALLY DEFERRED)")
    sql = "INSERT INTO u VALUES (9)"
    with pytest.raises(ForeignKeyViolation) as caught:
        connection.batch((sql,))
    assert (caught.value.statement, caught.value.query) == (1, sql)
    assert (connection.status, connection.batch(("VACUUM",))) == ("idle", [0])
