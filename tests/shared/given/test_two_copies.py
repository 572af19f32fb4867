"""sqlite3 and an engine with one file open in one process: nothing can be done about it, but it is said."""

from __future__ import annotations

import gc
import sqlite3
from pathlib import Path
from typing import Any

import pytest

import ferrow
from ferrow.repository import AsyncDatabase, Database, PoolConnector
from tests.support import maybe


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path.resolve() / "both.db")


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [one.getMessage() for one in caplog.records if one.name == "ferrow.sqlite"]


@pytest.mark.parametrize("colour", ["sync", "async"])
@pytest.mark.parametrize("first", ["engine", "connection", "pool"])
async def test_whoever_comes_second_says_so_once(
    path: str, colour: str, first: str, caplog: pytest.LogCaptureFixture
) -> None:
    cls: Any = AsyncDatabase if colour == "async" else Database
    made = ferrow.create_engine(f"sqlite:///{path}")
    engine: Any = made.aio if colour == "async" else made
    pool = PoolConnector(sqlite3.connect, path, check_same_thread=False)
    conn = sqlite3.connect(Path(path).parent / "." / "both.db", check_same_thread=False)
    conn.row_factory, conn.text_factory = sqlite3.Row, bytes
    db = cls(pool if first == "pool" else conn)
    users = [engine.query, db.fetchall]
    for use in users if first == "engine" else reversed(users):
        assert said(caplog) == []
        await maybe(use("SELECT 1"))
    (text,) = said(caplog)
    assert text.startswith(f"{path} is open in this process by Python's sqlite3 and by an engine of Ferrow")
    for use in users:
        await maybe(use("SELECT 1"))
    again = sqlite3.connect(path)
    with Database(again) as other:
        other.fetchall("SELECT 1")
    assert len(said(caplog)) == 1
    await maybe(engine.close())
    await maybe(db.engine.close())
    conn.close()
    pool.close()


def test_one_after_the_other_is_no_trouble(path: str, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(2):
        with ferrow.create_engine(f"sqlite:///{path}") as engine:
            engine.query("SELECT 1")
        with Database(sqlite3.connect(path)) as db:
            db.fetchall("SELECT 1")
    left = ferrow.create_engine(f"sqlite:///{path}")
    left.query("SELECT 1")
    left.close()
    del left
    gc.collect()
    memory = Database(sqlite3.connect(":memory:"))
    with ferrow.create_engine("sqlite:///:memory:") as engine:
        engine.query("SELECT 1")
        memory.fetchall("SELECT 1")
    memory.close()
    assert said(caplog) == []


def test_other_files_are_no_trouble(path: str, caplog: pytest.LogCaptureFixture) -> None:
    with ferrow.create_engine(f"sqlite:///{path}") as engine, Database(sqlite3.connect(f"{path}.other")) as db:
        engine.query("SELECT 1")
        db.fetchall("SELECT 1")
    assert said(caplog) == []
