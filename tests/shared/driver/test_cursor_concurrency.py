"""Cursors of several tasks or threads on one connection: they share its transaction, and none acts outside it."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

from ferrow import driver
from ferrow.errors import OperationalError, ProgrammingError

TABLE = "CREATE TABLE item (id integer PRIMARY KEY)"


async def ids(conn: Any) -> list[int]:
    return [row[0] for row in await conn.query("SELECT id FROM item ORDER BY id")]


async def test_cursors_of_several_tasks_share_one_transaction(url: str) -> None:
    """They begin at the same moment; one BEGIN serves all."""
    async with driver.AsyncConnection(url) as conn:
        await conn.script(TABLE)
        cursors = [conn.cursor() for _ in range(5)]
        await asyncio.gather(*[cur.execute("INSERT INTO item VALUES (:1)", [n]) for n, cur in enumerate(cursors)])
        assert conn.status == "transaction"
        await conn.rollback()
        assert await ids(conn) == []


async def test_a_begin_that_fails_lets_nobody_in(tmp_path: Any) -> None:
    """Whoever waited for it must not run, and commit, on its own."""
    url = f"sqlite:///{tmp_path / 'locked.db'}"
    async with driver.AsyncConnection(url) as owner, driver.AsyncConnection(url, busy_timeout=0.05) as conn:
        await owner.script(TABLE)
        await owner.cursor().execute("INSERT INTO item VALUES (100)")
        cursors = [conn.cursor() for _ in range(3)]
        outcomes = await asyncio.gather(
            *[cur.execute("INSERT INTO item VALUES (:1)", [n]) for n, cur in enumerate(cursors)], return_exceptions=True
        )
        assert [type(outcome) for outcome in outcomes] == [OperationalError] * 3
        assert conn.status == "idle"
        await owner.rollback()
        assert await ids(conn) == []


async def test_cancelled_while_another_begins(tmp_path: Any) -> None:
    url = f"sqlite:///{tmp_path / 'locked.db'}"
    async with driver.AsyncConnection(url) as owner, driver.AsyncConnection(url, busy_timeout=10) as conn:
        await owner.script(TABLE)
        await owner.cursor().execute("INSERT INTO item VALUES (100)")
        first = asyncio.create_task(conn.cursor().execute("INSERT INTO item VALUES (1)"))
        second = asyncio.create_task(conn.cursor().execute("INSERT INTO item VALUES (2)"))
        third = asyncio.create_task(conn.cursor().execute("INSERT INTO item VALUES (3)"))
        for _ in range(5):
            await asyncio.sleep(0)
        second.cancel()
        await asyncio.sleep(0)
        await owner.rollback()
        await first
        await third
        with pytest.raises(asyncio.CancelledError):
            await second
        await conn.commit()
        assert await ids(owner) == [1, 3]


async def test_a_statement_does_not_slip_behind_a_commit(url: str) -> None:
    """It would run outside of any transaction, and commit by itself."""
    async with driver.AsyncConnection(url) as conn:
        await conn.script(TABLE)
        cur = conn.cursor()
        await cur.execute("INSERT INTO item VALUES (1)")
        await asyncio.gather(conn.commit(), conn.cursor().execute("INSERT INTO item VALUES (2)"))
        assert conn.status == "transaction"
        await asyncio.gather(conn.rollback(), conn.cursor().execute("INSERT INTO item VALUES (3)"))
        await conn.rollback()
        assert await ids(conn) == [1]


@pytest.mark.parametrize("steps", range(4))
async def test_cancelled_while_it_begins(url: str, steps: int) -> None:
    """Whether BEGIN came through or not: what the block does afterwards is committed at its end."""
    async with driver.AsyncConnection(url) as observer:
        await observer.script(TABLE)
        async with driver.AsyncConnection(url) as conn:
            task = asyncio.create_task(conn.cursor().execute("INSERT INTO item VALUES (1)"))
            for _ in range(steps):
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.wait([task])
            await conn.wire.settle(5)  # the cancel request may still be on its way
            if conn.status == "failed":  # on PostgreSQL the statement goes with BEGIN, and is cancelled with it
                await conn.rollback()
            await conn.cursor().execute("INSERT INTO item VALUES (2)")
        assert 2 in await ids(observer)


def test_threads_share_one_transaction(url: str) -> None:
    with driver.connect(url) as conn:
        conn.script(TABLE)
        start = threading.Barrier(8)
        failed: list[BaseException] = []

        def insert(number: int) -> None:
            try:
                start.wait()
                conn.cursor().execute("INSERT INTO item VALUES (:1)", [number])
            except BaseException as error:
                failed.append(error)

        threads = [threading.Thread(target=insert, args=[number]) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failed == []
        assert conn.status == "transaction"
        conn.rollback()
        assert conn.query("SELECT id FROM item") == []


@pytest.mark.parametrize("autocommit", [True, False])
def test_what_threads_ask_at_once_is_answered_to_each(url: str, autocommit: bool) -> None:
    """Level 2 of `threadsafety`: they share the connection, statements that fail and commits included."""
    with driver.connect(url, autocommit=autocommit) as conn:
        conn.script("CREATE TABLE said (who integer, what integer)")
        start = threading.Barrier(8)
        failed: list[BaseException] = []

        def talk(who: int) -> None:
            try:
                start.wait()
                for what in range(40):
                    cur = conn.cursor()
                    text = f"{who} {what} " * what
                    assert cur.execute("SELECT :1, :2", [text, str(who)]).fetchone() == (text, str(who))
                    cur.execute("INSERT INTO said VALUES (%(who)s, %(what)s)", {"who": who, "what": what})
                    assert cur.rowcount == 1
                    if autocommit:
                        with pytest.raises(ProgrammingError, match="nonsense"):
                            cur.execute("SELECT nonsense FROM said")
                    elif what % 8 == 0:
                        conn.commit()
                    cur.execute("SELECT what FROM said WHERE who = %s ORDER BY what", [who])
                    assert [*cur] == [(number,) for number in range(what + 1)]
            except BaseException as error:
                failed.append(error)

        threads = [threading.Thread(target=talk, args=[number]) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failed == []
        conn.commit()
        assert conn.query_one("SELECT count(*) FROM said") == (320,)
