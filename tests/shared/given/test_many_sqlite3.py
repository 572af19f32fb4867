"""`insert_many` over sqlite3: the numbers that rows get, whatever the table does with them."""

from __future__ import annotations

import datetime
import enum
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from ferrow.errors import DataError, UniqueViolation
from ferrow.repository import Database, Repository, SQLiteDialect


@dataclass
class Thing:
    __tablename__ = "things"
    name: str
    id: int | None = field(default=None, metadata={"primary_key": True})


class Word(enum.Enum):
    A = "a"


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


def test_no_instance_gets_the_number_of_another_ones_row() -> None:
    """One row is left out and one is added: the first and the last are as far apart as if all were there."""
    conn = sqlite3.connect(":memory:")
    conn.execute("CREATE TABLE things (name TEXT NOT NULL, id INTEGER PRIMARY KEY)")
    conn.execute("CREATE TRIGGER less BEFORE INSERT ON things WHEN new.name = 'n5' BEGIN SELECT raise(IGNORE); END")
    conn.execute(
        "CREATE TRIGGER more AFTER INSERT ON things WHEN new.name = 'n7' BEGIN INSERT INTO things (name) VALUES ('more'); END"
    )
    given = [Thing(f"n{place}") for place in range(30)]
    with Database(conn, SQLiteDialect()) as db:
        with pytest.raises(ValueError, match="list of rows is shorter than that of instances of Thing: 29, 30"):
            Repository(db, Thing).insert_many(given)
        assert conn.execute("SELECT count(*) FROM things").fetchone() == (0,)
    assert {thing.id for thing in given} == {None}


@dataclass(frozen=True, slots=True)
class Kept:
    __tablename__ = "kept"
    on: datetime.date
    word: Word
    note: str | None = None
    seen: datetime.datetime | None = None
    id: int | None = field(default=None, metadata={"primary_key": True})


def test_values_are_stored_as_one_by_one(tmp_path: Path) -> None:
    """Dates, enumerations and None, in frozen instances with slots, some of which say their number."""
    with Database(sqlite3.connect(tmp_path / "kept.db"), SQLiteDialect()) as db:
        repo = Repository(db, Kept, auto_schema=True)
        moment = datetime.datetime(2024, 2, 29, 1, 2, 3, 4)
        given = [
            Kept(
                datetime.date(1, 1, 1 + place % 28),
                Word.A,
                f"é{place}" if place % 3 else None,
                moment,
                None if place % 50 else place + 1,
            )
            for place in range(300)
        ]
        assert repo.insert_many(given) == given
        assert len({one.id for one in given}) == 300
        stored = {one.id: one for one in repo.list()}
        assert [stored[one.id] for one in given] == given
        alone = repo.insert(Kept(datetime.date(1, 1, 2), Word.A, "é1", moment))
        texts = {
            tuple(row.values()) for row in db.fetchall('SELECT "on", word, note, seen FROM kept WHERE note = ?', ["é1"])
        }
        assert len(texts) == 1, texts
        assert alone.id not in {one.id for one in given}


def test_a_word_that_no_enumeration_has_is_refused_before_anything_is_sent() -> None:
    conn = sqlite3.connect(":memory:")
    with Database(conn, SQLiteDialect()) as db:
        repo = Repository(db, Kept, auto_schema=True)
        assert repo.count() == 0
        changes = conn.total_changes
        bad: Any = Kept(datetime.date(2, 2, 2), "c")  # type: ignore[arg-type]
        with pytest.raises(DataError, match="Kept cannot be inserted"):
            repo.insert_many([*[Kept(datetime.date(2, 2, 2), Word.A) for _ in range(150)], bad])
        assert conn.total_changes == changes


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
