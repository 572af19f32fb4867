"""Connections to SQLite that are closed at random moments: what was acknowledged is in the file, as a whole, and nothing else."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from ferrow import driver
from ferrow.errors import ConnectionLost, InterfaceError
from ferrow.wire.sqlite_state import SqliteState
from tests.support import entered, items, maybe
from tests.support.deadlines import eventually
from tests.support.effort import times
from tests.support.elsewhere import DEADLINE, elsewhere

ROUNDS = times(25)
SIZE = 3000
"""Rows of one unit: more than are read at once."""
NUMBERS = f"WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < {SIZE}) SELECT ?, x FROM n"


async def one_statement(conn: Any, unit: int) -> None:
    await maybe(conn.execute(f"INSERT INTO t {NUMBERS}", [unit]))


async def returning(conn: Any, unit: int) -> None:
    assert len(await maybe(conn.query(f"INSERT INTO t {NUMBERS} RETURNING n", [unit]))) == SIZE


async def many(conn: Any, unit: int) -> None:
    await maybe(conn.run_many("INSERT INTO t VALUES (?, ?)", [(unit, n + 1) for n in range(SIZE)]))


async def batch(conn: Any, unit: int) -> None:
    inserts = [f"INSERT INTO t VALUES ({unit}, {n + 1})" for n in range(2)]
    await maybe(conn.execute_batch([*inserts, f"INSERT INTO t {NUMBERS} WHERE x > 2".replace("?", str(unit))]))


async def transaction(conn: Any, unit: int) -> None:
    async with entered(conn.transaction()):
        await maybe(conn.execute(f"INSERT INTO t {NUMBERS} WHERE x <= 10", [unit]))
        async with entered(conn.stream("SELECT n FROM t WHERE unit = ?", [unit], chunk=1)) as stream:
            assert len(await items(stream)) == 10
        await maybe(conn.execute(f"INSERT INTO t {NUMBERS} WHERE x > 10", [unit]))


async def calling(conn: Any, unit: int) -> None:
    await maybe(
        conn.execute(f"INSERT INTO t SELECT ?, same(x) FROM ({NUMBERS})".replace("SELECT ?, x", "SELECT x"), [unit])
    )


UNITS: dict[str, Callable[[Any, int], Coroutine[Any, Any, None]]] = {
    one.__name__: one for one in (one_statement, returning, many, batch, transaction, calling)
}


@pytest.mark.parametrize("how", UNITS)
@pytest.mark.parametrize("journal", ["wal", "delete"])
async def test_all_or_nothing(
    colour: str, tmp_path: Path, how: str, journal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SqliteState, "patience", DEADLINE)
    chance = random.Random(f"{how} {journal}")
    url = f"sqlite:///{tmp_path / 'random.db'}"
    acknowledged: list[int] = []
    with driver.connect(url, journal_mode=journal) as first:
        first.script("CREATE TABLE t (unit INTEGER, n INTEGER, PRIMARY KEY (unit, n))")
    for number in range(ROUNDS):
        options = {"journal_mode": journal, "busy_timeout": 3600}
        conn = await driver.connect_async(url, **options) if colour == "async" else driver.connect(url, **options)
        core = conn.wire.core
        await maybe(conn.sqlite.create_function("same", lambda value: value))

        async def work(worker: int, number: int = number, conn: Any = conn) -> None:
            for step in range(1000):
                unit = (number * 2 + worker) * 1000 + step
                await UNITS[how](conn, unit)
                acknowledged.append(unit)

        with elsewhere(colour) as begin:
            # A transaction is one task's or thread's; all else may be anybody's.
            running = [begin(lambda worker=worker: work(worker)) for worker in range(1 if how == "transaction" else 2)]
            least = core.requests + chance.randrange(1, 6)
            await eventually(colour, lambda core=core, least=least: core.requests >= least)
            for _ in range(chance.randrange(20_000)):
                pass
            await maybe(conn.close())
            for ended in running:
                error = await ended()
                assert isinstance(error, (ConnectionLost, InterfaceError)), repr(error)
                assert str(error) == "Connection is closed"
        assert not core.holds_file
        assert os.listdir(tmp_path) == ["random.db"]
        with driver.connect(url, journal_mode=journal, busy_timeout=0) as check:
            assert check.query("PRAGMA integrity_check") == [("ok",)]
            whole = check.query("SELECT unit, count(*) FROM t GROUP BY unit ORDER BY unit")
            assert whole == [(unit, SIZE) for unit in sorted(acknowledged)]
            check.execute("DELETE FROM t")
            acknowledged.clear()
