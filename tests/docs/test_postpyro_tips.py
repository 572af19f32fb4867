"""The seven performance tips of PostPyro's document, each as what is gained by it: round trips, connections, rows."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from ferrow import driver
from ferrow.wire.drive import drive
from tests.docs.postpyro import BLOCKS, LINES, Stage, stage
from tests.support.deadlines import eventually
from tests.support.relay import Counter, relayed

__all__ = ["stage"]

Trips = Callable[[Callable[[], object]], int]
"""How often a call waits for the server."""


def batches(stage: Stage, conn: driver.Connection, trips: Trips) -> None:
    queries = [f"INSERT INTO benchmark VALUES ({number})" for number in range(20)]
    trips(lambda: conn.execute_batch(queries))
    assert trips(lambda: conn.execute_batch(queries)) == 1
    assert trips(lambda: [conn.execute(one) for one in queries]) >= 20


def prepares(stage: Stage, conn: driver.Connection, trips: Trips) -> None:
    sql = "SELECT name FROM users WHERE id = $1"
    statement = conn.prepare(sql)
    assert trips(lambda: [conn.query(statement, [number]) for number in (1, 2, 3)]) == 3
    kept = "SELECT count(*) FROM pg_prepared_statements WHERE statement = $1"
    assert conn.query_one(kept, [sql]) == (1,)


def groups(stage: Stage, conn: driver.Connection, trips: Trips) -> None:
    with pytest.raises(driver.IntegrityError), conn.begin() as tx:
        tx.execute("UPDATE users SET name = 'nobody'")
        tx.execute("INSERT INTO users (email) VALUES ('ada@example.com')")
    assert stage.one("SELECT count(*) FROM users WHERE name = 'nobody'") == 0


def closes(stage: Stage, conn: driver.Connection, trips: Trips) -> None:
    there = "SELECT count(*) FROM pg_stat_activity WHERE pid = $1"
    pid = conn.info()["backend_pid"]
    assert stage.conn.query_one(there, [pid]) == (1,)
    conn.close()
    drive(
        eventually("sync", lambda: stage.conn.query_one(there, [pid]) == (0,))
    )  # it has been told, and takes its time


def pools(stage: Stage, conn: driver.Connection, trips: Trips) -> None:
    """The document's own, by more threads than it has connections."""
    program = BLOCKS[589].text.split("# Usage")[0]
    pool = stage.play(program)[0]["ConnectionPool"]("postgresql://user:pass@localhost/db", pool_size=2)

    def ask(number: int) -> tuple[int, int]:
        lent = pool.get_connection()
        try:
            there, pid = lent.query_one("SELECT $1::integer, pg_backend_pid()", [number])
            return there, pid
        finally:
            pool.return_connection(lent)

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(ask, range(80)))
    assert [number for number, _ in found] == [*range(80)]
    assert len({pid for _, pid in found}) <= 2
    assert pool.pool.qsize() == 2
    pool.close_all()


def converts(stage: Stage, conn: driver.Connection, trips: Trips) -> None:
    import pandas as pd

    frame = pd.DataFrame([row.to_dict() for row in conn.query("SELECT id, name FROM users ORDER BY id")])
    assert frame.to_dict("list") == {"id": [1, 2, 3, 123], "name": ["Ada", "Bob", "Eve", "Cem"]}


def singles(stage: Stage, conn: driver.Connection, trips: Trips) -> None:
    sql = "SELECT name FROM users WHERE city = $1"
    assert conn.query_one(sql, ["London"]).to_dict() == {"name": "Ada"}
    for city in ("Paris", "New York"):
        with pytest.raises(driver.ProgrammingError):
            conn.query_one(sql, [city])


TIPS: dict[str, Callable[[Stage, driver.Connection, Trips], None]] = {
    "**Use batch operations** for multiple inserts/updates": batches,
    "**Prepare statements** for repeated queries": prepares,
    "**Use transactions** to group related operations": groups,
    "**Close connections** explicitly to free resources": closes,
    "**Use connection pooling** in multi-threaded applications": pools,
    "**Leverage Row.to_dict()** for pandas integration": converts,
    "**Use query_one()** when expecting single results": singles,
}


def test_every_tip_is_tested() -> None:
    start = LINES.index("## 📊 Performance Tips") + 2
    tips = LINES[start : LINES.index("", start)]
    assert [re.sub(r"^\d\. ", "", tip) for tip in tips] == [*TIPS]


@pytest.mark.postgresql
@pytest.mark.parametrize("tip", TIPS, ids=lambda tip: tip.split("**")[1])
async def test_tip(stage: Stage, postgresql_url: str, tip: str) -> None:
    counter = Counter()

    def trips(call: Callable[[], object]) -> int:
        before = counter.trips
        call()
        return counter.trips - before

    def work(url: str) -> Any:
        # Not the URL of the document, for which the stage knows a server: that of the relay.
        host, port = url.rpartition("@")[2].split("/")[0].split(":")
        assert host == "127.0.0.1"
        stage.port = int(port)
        with driver.connect(url) as conn:
            stage.port = None
            TIPS[tip](stage, conn, trips)

    async with relayed(postgresql_url, counter.said, counter.answered) as url:
        await asyncio.to_thread(work, url)
