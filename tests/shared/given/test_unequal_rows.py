"""`run_many` whose rows are no lists or tuples as long as its placeholders: none is written, and none gets another one's values."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow.errors import DatabaseError
from tests.support import entered, maybe

ROWS = {
    "one is longer and one shorter, by as much": [(1, 2, 3), (4,)],
    "one is shorter": [(1, 2), (3,)],
    "one is longer": [(1, 2), (3, 4, 5)],
    "all are shorter": [(1,), (2,), (3,)],
    "all are longer": [(1, 2, 3), (4, 5, 6)],
    "one is empty": [(1, 2), ()],
    "all are empty": [(), ()],
    "the only one is shorter": [(1,)],
}


@pytest.mark.parametrize("returning", ["", " RETURNING a"])
async def test_nothing_is_written(db: Any, mysql: bool, returning: str) -> None:
    engine = db.engine
    if returning and mysql:
        pytest.skip("MySQL has no RETURNING")
    marks = "$1, $2" if engine.dialect.name == "postgresql" else "?, ?"
    insert = f"INSERT INTO pairs (a, b) VALUES ({marks}){returning}"
    await maybe(db.execute("CREATE TABLE pairs (a INTEGER, b INTEGER)"))

    for said, rows in ROWS.items():
        with pytest.raises(DatabaseError):
            await maybe(engine.run_many(insert, rows))
        assert await maybe(db.fetchall("SELECT * FROM pairs")) == [], said

    async with entered(db.transaction()):
        await maybe(engine.run_many(insert, [(1, 2)]))
        for rows in ROWS.values():
            with pytest.raises(DatabaseError):
                async with entered(db.transaction()):
                    await maybe(engine.run_many(insert, rows))
        await maybe(engine.run_many(insert, [(3, 4), (5, 6)]))

    assert (await maybe(engine.run_many(insert, []))).rowcount == 0
    found = await maybe(db.fetchall("SELECT a, b FROM pairs ORDER BY a"))
    assert [(row["a"], row["b"]) for row in found] == [(1, 2), (3, 4), (5, 6)]


@pytest.mark.parametrize("rows", [["ab", "cd"], [b"ab", b"cd"], [{"a": "x", "b": "y"}] * 2, [("x", "y"), "ab"]])
async def test_what_is_no_row_is_not_taken_apart(db: Any, rows: Any) -> None:
    marks = "$1, $2" if db.engine.dialect.name == "postgresql" else "?, ?"
    await maybe(db.execute("CREATE TABLE pairs (a TEXT, b TEXT)"))
    with pytest.raises(DatabaseError):
        await maybe(db.engine.run_many(f"INSERT INTO pairs (a, b) VALUES ({marks})", rows))
    assert await maybe(db.fetchall("SELECT * FROM pairs")) == []
