"""What another thread does on a blocking connection is no part of what happens behind the savepoint of rows that go as arrays."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from ferrow.errors import DataError
from ferrow.wire.arrays import FEW
from tests.support.rows_as_arrays import INSERT, _ready, _rows

pytestmark = [pytest.mark.postgresql, pytest.mark.only(colour="sync")]

# A row that was inserted behind a savepoint has the identifier of a transaction of its own.
INSIDE = "SELECT count(*) FROM t WHERE word = 'other' AND xmin <> pg_current_xact_id()::xid"


@contextmanager
def another(tx: Any) -> Iterator[list[int]]:
    """A thread that inserts rows all the while; their numbers."""
    over, begun = threading.Event(), threading.Event()
    inserted: list[int] = []
    failed: list[Exception] = []

    def insert() -> None:
        try:
            while not over.is_set():
                number = 10_000_000 + len(inserted)
                tx.execute("INSERT INTO t VALUES ($1, 'other')", [number])
                inserted.append(number)
                begun.set()
        except Exception as error:
            failed.append(error)
            begun.set()

    thread = threading.Thread(target=insert)
    thread.start()
    try:
        assert begun.wait(60)
        yield inserted
    finally:
        over.set()
        thread.join()
    assert not failed


async def test_rows_of_others_stand_outside(pg: Any) -> None:
    await _ready(pg)
    with pg.transaction() as tx:
        with another(tx) as inserted:
            for sending in range(50):
                assert tx.run_many(INSERT, _rows(FEW, sending * FEW)).rowcount == FEW
        assert tx.query_one(INSIDE)[0] == 0
        assert tx.query_one("SELECT count(*) FROM t WHERE word = 'other'")[0] == len(inserted)


async def test_rows_that_are_refused_take_none_of_others_with_them(pg: Any) -> None:
    """The savepoint that they go back to may have a row of the other thread behind it."""
    await _ready(pg)
    refused = [*_rows(FEW), (2**40, "too large")]
    with pg.transaction() as tx:
        with another(tx) as inserted:
            for _ in range(200):
                with pytest.raises(DataError):
                    tx.run_many(INSERT, refused)
                tx.execute("DELETE FROM t WHERE id < 1000000")
        assert tx.query_one("SELECT count(*) FROM t WHERE word = 'other'")[0] == len(inserted)
