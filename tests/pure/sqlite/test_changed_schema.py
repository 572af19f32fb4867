"""Statements that write and return rows, prepared before the schema changed: refused before they are committed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ferrow._core import Kinds, Shape, SqliteConnection
from ferrow.errors import InterfaceError, ProgrammingError
from tests.pure.sqlite.ask import TUPLES, rows, value

INSERT = "INSERT INTO t (a) SELECT value FROM json_each('[1, 2, 3]') RETURNING *"
PAIR = Shape.tuples(Kinds(["int", "int"]))
RUNS: list[Callable[[SqliteConnection], Any]] = [
    lambda db: db.run(INSERT, None, PAIR),
    lambda db: db.run_many(INSERT, [()], PAIR),
    lambda db: db.open_cursor(INSERT, None, PAIR),
]


@pytest.fixture
def changed(file_db: SqliteConnection, path: str) -> SqliteConnection:
    """Knows the statement; somebody else has added a column since."""
    file_db.script("CREATE TABLE t (a INTEGER, b INTEGER)")
    file_db.run(INSERT, None, PAIR)
    file_db.script("DELETE FROM t")
    other = SqliteConnection(path)
    other.script("ALTER TABLE t ADD COLUMN c INTEGER DEFAULT 7")
    other.close()
    return file_db


@pytest.mark.parametrize("run", RUNS)
def test_nothing_is_written_when_the_rows_do_not_fit_any_more(
    changed: SqliteConnection, run: Callable[[SqliteConnection], Any]
) -> None:
    with pytest.raises(InterfaceError, match="kinds for 2 columns, but the result has 3"):
        run(changed)
    assert value(changed, "SELECT count(*) FROM t") == 0
    assert changed.status == "idle"
    assert rows(changed, INSERT) == [(1, None, 7), (2, None, 7), (3, None, 7)]


def test_inside_a_transaction_all_of_it_is_taken_back(changed: SqliteConnection) -> None:
    changed.script("BEGIN IMMEDIATE; INSERT INTO t (a) VALUES (0)")
    with pytest.raises(InterfaceError, match="but the result has 3"):
        changed.run(INSERT, None, PAIR)
    assert changed.status == "failed"
    with pytest.raises(ProgrammingError, match="ignored until ROLLBACK"):
        rows(changed, "SELECT 1")
    changed.script("ROLLBACK")
    assert value(changed, "SELECT count(*) FROM t") == 0


def test_what_fits_goes_on(changed: SqliteConnection) -> None:
    result = changed.run(INSERT, None, TUPLES)
    assert (result.rows, result.columns) == ([(1, None, 7), (2, None, 7), (3, None, 7)], ("a", "b", "c"))
    assert result.rowcount == 3
    assert value(changed, "SELECT count(*) FROM t") == 3
