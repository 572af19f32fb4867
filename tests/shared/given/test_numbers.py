"""`?1` over sqlite3 of a Python that takes it for a name: 3.12.0 to 3.12.3. Here any Python is treated like one of these."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest

from ferrow.errors import DatabaseError
from ferrow.repository import Database
from ferrow.wire.dbapi.drivers import sqlite_numbers
from ferrow.wire.dbapi.drivers.sqlite_numbers import positional


class Cursor(sqlite3.Cursor):
    def execute(self, sql: str, *values: Any) -> Any:
        Connection.seen.append(sql)
        return super().execute(sql, *values)

    def executemany(self, sql: str, values: Any) -> Any:
        Connection.seen.append(sql)
        return super().executemany(sql, values)


class Connection(sqlite3.Connection):
    autocommit = -1  # Python 3.12 has it
    seen: list[str]

    def cursor(self, factory: Any = None) -> Any:
        return super().cursor(Cursor)


@pytest.fixture
def db(monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setattr(sqlite_numbers, "MISTAKEN", True)
    monkeypatch.setattr(Connection, "seen", [], raising=False)
    conn = sqlite3.connect(":memory:", factory=Connection)
    with Database(conn) as db:
        yield db


@pytest.mark.parametrize(
    ("sql", "values", "wanted"),
    [
        ("SELECT ?1, ?2", [5, 6], ("SELECT ?, ?", [5, 6])),
        ("SELECT ?2, ?1, ?2", [5, 6], ("SELECT ?, ?, ?", [6, 5, 6])),
        ("SELECT '?1', ?1 -- ?2", [5], ("SELECT '?1', ? -- ?2", [5])),
        ("SELECT ?, ?", [5, 6], ("SELECT ?, ?", [5, 6])),
        ("SELECT ?1, ?1", [5, 6], ("SELECT ?1, ?1", [5, 6])),
        ("SELECT ?1, ?1, ?2", [5], ("SELECT ?1, ?1, ?2", [5])),
    ],
)
def test_numbers_become_places(sql: str, values: list[int], wanted: Any) -> None:
    assert positional(sql, values) == wanted


def test_no_number_reaches_the_driver(db: Database) -> None:
    run = db.engine.run
    run("CREATE TABLE pairs (a, b)", [])
    run("INSERT INTO pairs VALUES (?2, ?1)", [1, 2])
    db.engine.run_many("UPDATE pairs SET a = ?2 WHERE b = ?1", [[1, 3], [4, 5]])
    assert run("SELECT a + ?1, ?2, ?1 FROM pairs", [10, "x"]).rows[0] == (13, "x", 10)
    with db.engine.transaction(), db.engine.stream("SELECT b FROM pairs WHERE ?2 = ?1", [7, 7]) as rows:
        assert [tuple(row) for row in rows] == [(1,)]
    assert not [sql for sql in Connection.seen if "?1" in sql]


@pytest.mark.filterwarnings("ignore:Binding .* is a named parameter:DeprecationWarning")
def test_what_does_not_fit_is_refused_as_ever(db: Database) -> None:
    for sql, values in (("SELECT ?1, ?1", [5, 6]), ("SELECT ?1, ?2", [5]), ("SELECT ?1", [5, 6])):
        with pytest.raises(DatabaseError, match="Incorrect number of bindings supplied") as caught:
            db.engine.run(sql, values)
        assert caught.value.query == sql
    db.execute("CREATE TABLE pairs (a, b)")
    with pytest.raises(DatabaseError, match="Incorrect number of bindings supplied"):
        db.engine.run_many("DELETE FROM pairs WHERE a IN (?1, ?2)", [[1, 2], [3]])
