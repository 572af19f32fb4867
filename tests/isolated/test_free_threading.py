"""Threads that really run at the same time, on an interpreter without a GIL: no wrong answer, on one pool or one connection.

The core asks for a GIL (crates/pycore/src/lib.rs), so these need a free-threaded CPython and PYTHON_GIL=0. With a GIL
test_pool_torture.py and pure/sqlite/test_threads.py ask the same, as far as it can go wrong there.
"""

from __future__ import annotations

import random
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from time import sleep
from typing import Any

import pytest

from ferrow import driver
from ferrow.engine import create_engine
from ferrow.engine.holder import describe
from ferrow.errors import DatabaseError, PoolTimeout
from tests.support.effort import times

pytestmark = [
    pytest.mark.skipif(getattr(sys, "_is_gil_enabled", lambda: True)(), reason="this Python has a GIL"),
    pytest.mark.timeout(600),
    pytest.mark.only(backend=("postgresql", "sqlite")),  # what is written in Rust
]

THREADS, SIZE = 8, 4
TABLE = "CREATE TABLE work (tag text PRIMARY KEY, number integer)"


class Caller:
    """One thread. Nobody else asks for its tags, so whatever else it is answered is somebody else's."""

    def __init__(self, dialect: str, number: int) -> None:
        self.postgresql = dialect == "postgresql"
        self.number = number
        self.random = random.Random(number)
        self.count = 0

    def tag(self) -> str:
        self.count += 1
        return f"{self.number}-{self.count}"

    def sql(self, text: str) -> str:
        return text if self.postgresql else text.replace("$1", "?1").replace("$2", "?2")

    def read(self, on: Any) -> None:
        # More texts than a connection keeps prepared, and the same ones in every thread.
        tag, shape = self.tag(), self.random.randrange(150)
        row = on.query_one(
            self.sql(f"SELECT CAST($1 AS text) AS tag, CAST($2 AS integer), {shape} AS c{shape}"), [tag, self.count]
        )
        assert (tuple(row), row["tag"], row[f"c{shape}"]) == ((tag, self.count, shape), tag, shape)

    def rows(self, on: Any) -> None:
        tag, length = self.tag(), self.random.choice([1, 30, 2000])
        numbers = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < CAST($2 AS integer))"
        rows = on.query(self.sql(f"{numbers} SELECT x, CAST($1 AS text) FROM n"), [tag, length])
        assert [tuple(row) for row in rows] == [(x, tag) for x in range(1, length + 1)]

    def write(self, on: Any) -> str:
        tag = self.tag()
        row = on.query_one(self.sql("INSERT INTO work VALUES ($1, $2) RETURNING tag, number"), [tag, self.number])
        assert tuple(row) == (tag, self.number)
        return tag

    def many(self, on: Any) -> None:
        tags = [self.tag() for _ in range(5)]
        result = on.run_many(
            self.sql("INSERT INTO work VALUES ($1, $2) RETURNING tag"), [[tag, self.number] for tag in tags]
        )
        assert [row[0] for row in result.rows] == tags

    def refused(self, on: Any) -> None:
        tag = self.tag()
        sql = f"SELECT '{tag}'::integer" if self.postgresql else f'SELECT 1 FROM "{tag}"'
        with pytest.raises(DatabaseError, match=f"\\b{tag}\\b"):
            on.query(sql)

    def transaction(self, engine: Any) -> None:
        tag, keep = "", self.random.random() < 0.5
        with suppress(LookupError), engine.transaction() as tx:
            tag = self.write(tx)
            self.read(tx)
            if not keep:
                raise LookupError
        row = engine.query_one(self.sql("SELECT count(*) FROM work WHERE tag = $1"), [tag])
        assert row[0] == int(keep)

    def block(self, engine: Any) -> None:
        with engine.connection() as conn:
            for _ in range(3):
                self.read(conn)
            self.rows(conn)

    def impatient(self, engine: Any) -> None:
        with suppress(PoolTimeout):  # which asks every other connection what it is doing
            engine.pool.release(engine.pool.acquire(timeout=0.0001))

    def work(self, kinds: list[Callable[[Any], Any]], on: Any, queries: int) -> None:
        while self.count < queries:
            self.random.choice(kinds)(on)


def together(works: list[Callable[[], None]], watch: Callable[[], object] = bool) -> None:
    """Run all at once, and `watch` again and again meanwhile; raises what the first of them to fail raised."""
    errors: list[BaseException] = []
    begin = threading.Barrier(len(works))

    def run(work: Callable[[], None]) -> None:
        try:
            begin.wait()
            work()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        watch()
        sleep(0.0005)
    for error in errors:
        raise error


def test_threads_on_one_pool(url: str) -> None:
    queries = times(2000)
    with create_engine(url, max_size=SIZE, acquire_timeout=120) as engine:
        engine.script(TABLE)
        callers = [Caller(engine.dialect.name, number) for number in range(THREADS)]

        def works(caller: Caller) -> Callable[[], None]:
            kinds = [caller.read, caller.read, caller.read, caller.rows, caller.write, caller.many, caller.refused]
            return lambda: caller.work([*kinds, caller.transaction, caller.block, caller.impatient], engine, queries)

        def watch() -> None:
            stats = engine.pool.stats()
            assert stats.size <= SIZE
            assert min(stats) >= 0
            shard = engine.pool._core._here()
            describe(shard.everything(), 0.0, None)
            repr([slot.wire for slot in shard.everything()])

        together([works(caller) for caller in callers], watch)
        assert engine.pool.stats()[1:5] == (0, 0, 0, 0)


def test_threads_on_one_connection(url: str) -> None:
    queries = times(1000)
    with driver.connect(url) as conn:
        conn.script(TABLE)
        callers = [Caller(conn.dialect, number) for number in range(THREADS)]

        def works(caller: Caller) -> Callable[[], None]:
            kinds = [caller.read, caller.read, caller.rows, caller.write, caller.many, caller.refused]
            return lambda: caller.work(kinds, conn, queries)

        def watch() -> None:
            repr(conn)
            conn.wire.idle, conn.wire.facts()
            assert not conn.wire.closed

        together([works(caller) for caller in callers], watch)
        assert conn.query_one("SELECT count(*) = count(DISTINCT tag) FROM work")[0] in (1, True)
