"""`insert_many` over sqlite3: the numbers that rows get, whatever the table does with them."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field

import pytest

from ferrow.errors import DataError, UniqueViolation
from ferrow.repository import Database, Repository, SQLiteDialect


@dataclass
class Thing:
    __tablename__ = "things"
    name: str
    id: int | None = field(default=None, metadata={"primary_key": True})


TRIGGERS = {
    "none": "",
    "one that inserts": "CREATE TRIGGER more AFTER INSERT ON things WHEN new.name LIKE 'n1_' BEGIN INSERT INTO things (name) VALUES ('more'); END",
    "one that inserts before": "CREATE TRIGGER more BEFORE INSERT ON things WHEN new.name LIKE 'n1_' BEGIN INSERT INTO things (name) VALUES ('more'); END",
}


@pytest.mark.parametrize("trigger", TRIGGERS)
@pytest.mark.parametrize("count", [2, 9, 10, 250])
@pytest.mark.parametrize("before", [0, 41, 2**63 - 4])
def test_each_instance_has_the_number_of_its_row(trigger: str, count: int, before: int) -> None:
    conn = sqlite3.connect(":memory:")
    conn.execute("CREATE TABLE things (name TEXT NOT NULL, id INTEGER PRIMARY KEY)")
    conn.execute("INSERT INTO things VALUES ('first', ?)", (before,))
    conn.execute(TRIGGERS[trigger])
    conn.commit()
    with Database(conn, SQLiteDialect()) as db:
        things = Repository(db, Thing).insert_many([Thing(f"n{place}") for place in range(count)])
        stored = dict(conn.execute("SELECT name, id FROM things WHERE name LIKE 'n%'"))
        assert {thing.name: thing.id for thing in things} == stored
        assert len(stored) == count
        assert not conn.in_transaction


def test_nothing_is_left_of_rows_of_which_one_is_refused() -> None:
    conn = sqlite3.connect(":memory:")
    conn.execute("CREATE TABLE things (name TEXT NOT NULL UNIQUE, id INTEGER PRIMARY KEY)")
    with Database(conn, SQLiteDialect()) as db:
        repo = Repository(db, Thing)
        with pytest.raises(UniqueViolation):
            repo.insert_many([Thing("same" if place in (3, 150) else str(place)) for place in range(200)])
        assert repo.count() == 0
        conn.execute("INSERT INTO things (name) VALUES ('by hand')")
        with pytest.raises(UniqueViolation):
            repo.insert_many([Thing("same" if place in (3, 150) else str(place)) for place in range(200)])
        assert conn.in_transaction
        assert [thing.name for thing in repo.list()] == ["by hand"]
        assert len(repo.insert_many([Thing(str(place)) for place in range(200)])) == 200
        conn.rollback()
        assert repo.count() == 0


def test_the_row_that_does_not_fit_is_named() -> None:
    conn = sqlite3.connect(":memory:")
    with Database(conn, SQLiteDialect()) as db:
        db.execute("CREATE TABLE pairs (a, b)")
        with pytest.raises(DataError, match="row 120"):
            rows = [(1, 2)] * 119 + [(1, object())] + [(1, 2)] * 5
            db.engine.run_many("INSERT INTO pairs VALUES (?, ?)", rows)
        assert db.fetchone("SELECT count(*) AS n FROM pairs") == {"n": 0}
