"""What many clients do at the same time, each answer checked against a tag that no other client has."""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from ferrow.errors import UniqueViolation
from ferrow.wire.drive import drive
from tests.support.colours import entered, items, maybe

TABLES = """
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TYPE place AS (x integer, label text);
CREATE TABLE work (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, tag text UNIQUE, mood mood, place place);
"""


class Client:
    """One client on one connection. `count` is the number of queries that were answered as they should be.

    Without `transactions` it makes none of several statements.
    """

    def __init__(self, conn: Any, number: int, seed: int, *, transactions: bool = True) -> None:
        self.conn = conn
        self.transactions = transactions
        self.number = number
        self.random = random.Random(f"{seed} {number}")
        self.serial = 0
        self.count = 0

    async def work(self, queries: int) -> None:
        """At least so many queries."""
        kinds: list[Callable[[], Awaitable[None]]] = [
            self.read, self.read, self.read, self.types, self.write, self.many, self.batch, self.transaction, self.stream,
            self.refused, self.copy, self.script,
        ]  # fmt: skip
        if not self.transactions:
            kinds.remove(self.transaction)
        while self.count < queries:
            await self.random.choice(kinds)()

    def tag(self) -> str:
        self.serial += 1
        return f"{self.number}-{self.serial}"

    async def read(self, on: Any = None) -> None:
        tag, shape = self.tag(), self.random.randrange(12)
        # Many texts, some alike but for their types: what another one was prepared for would not do.
        kind, value = self.random.choice(
            [("int4", 7), ("int8", 1 << 40), ("text", "seven"), ("float8", 0.5), ("numeric", None), ("date", None)]
        )
        sql = f"SELECT $1::text AS tag, $2::{kind} AS value, {shape} AS shape"
        row = await maybe((on or self.conn).query_one(sql, [tag, value]))
        self.check(tuple(row), (tag, value, shape))

    async def types(self) -> None:
        tag = self.tag()
        row = await maybe(self.conn.query_one("SELECT $1::mood, ($2::integer, $3::text)::place", ["ok", 5, tag]))
        self.check((row[0], tuple(row[1])), ("ok", (5, tag)))

    async def write(self, on: Any = None) -> str:
        tag = self.tag()
        insert = "INSERT INTO work (tag, mood, place) VALUES ($1, $2, ROW($3::integer, $1)) RETURNING tag, place"
        row = await maybe((on or self.conn).query_one(insert, [tag, "sad", self.number]))
        self.check((row[0], tuple(row[1])), (tag, (self.number, tag)))
        return tag

    async def many(self) -> None:
        tags = [self.tag() for _ in range(self.random.randrange(1, 9))]
        result = await maybe(
            self.conn.run_many("INSERT INTO work (tag) VALUES ($1) RETURNING tag", [[t] for t in tags])
        )
        self.check([row[0] for row in result.rows], tags)

    async def batch(self) -> None:
        tag = self.tag()
        counts = await maybe(
            self.conn.execute_batch(
                [f"INSERT INTO work (tag) VALUES ('{tag}')", f"UPDATE work SET mood = 'ok' WHERE tag = '{tag}'"]
            )
        )
        self.check(counts, [1, 1])

    async def transaction(self) -> None:
        tag, keep = "", self.random.random() < 0.5
        with suppress(LookupError):
            async with entered(self.conn.transaction()) as tx:
                tag = await self.write(tx)
                await self.read(tx)
                if not keep:
                    raise LookupError
        found = await maybe(self.conn.query_one("SELECT count(*) FROM work WHERE tag = $1", [tag]))
        self.check(found[0], int(keep))

    async def stream(self) -> None:
        tag = self.tag()
        sql = "SELECT n, $1::text FROM generate_series(1, 250) AS n"
        async with entered(self.conn.stream(sql, [tag])) as rows:
            self.check([tuple(row) for row in await items(rows)], [(n, tag) for n in range(1, 251)])

    async def refused(self) -> None:
        tag = await self.write()
        try:
            await maybe(self.conn.execute("INSERT INTO work (tag) VALUES ($1)", [tag]))
        except UniqueViolation as error:
            self.check(tag in str(error), True)
        else:
            raise AssertionError("the same tag twice")

    async def copy(self) -> None:
        tags = [self.tag() for _ in range(3)]
        self.check(await maybe(self.conn.copy_in("work", [[t] for t in tags], columns=["tag"])), 3)
        copied = self.conn.copy_out(
            sql=f"SELECT tag FROM work WHERE tag LIKE '{self.number}-%' ORDER BY id DESC LIMIT 3"
        )
        async with entered(copied) as rows:
            self.check([row[0] for row in await items(rows)], tags[::-1])

    async def script(self) -> None:
        tag = self.tag()
        await maybe(self.conn.script(f"INSERT INTO work (tag) VALUES ('{tag}'); SELECT 1"))
        row = await maybe(self.conn.query_one("SELECT tag FROM work WHERE tag = $1", [tag]))
        self.check(row[0], tag)

    def check(self, answer: object, expected: object) -> None:
        assert answer == expected
        self.count += 1


async def together(colour: str, works: list[Callable[[], Awaitable[Any]]]) -> list[Any]:
    """Run them at the same time: tasks, or threads that each drive one."""
    if colour == "async":
        return await asyncio.gather(*(work() for work in works))
    begin = threading.Barrier(len(works))

    def run(work: Callable[[], Awaitable[Any]]) -> Any:
        begin.wait()
        return drive(work())  # type: ignore[arg-type]

    with ThreadPoolExecutor(len(works)) as threads:
        return [future.result() for future in [threads.submit(run, work) for work in works]]
