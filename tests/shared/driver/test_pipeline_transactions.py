"""Transactions of and around pipelines."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from ferrow.abc import Status
from ferrow.errors import (
    DatabaseError,
    IntegrityError,
    NotSupportedError,
    OperationalError,
    ProgrammingError,
    UniqueViolation,
)
from tests.support import entered, maybe
from tests.support.pipelines import INSERT, create, numbers


@pytest.fixture
def insert(conn: Any) -> str:
    return INSERT[conn.dialect]


async def test_what_is_right_is_committed(conn: Any, insert: str) -> None:
    await create(conn)
    async with entered(conn.pipeline()) as pipe:
        for ten in range(0, 50, 10):
            async with entered(pipe.transaction()):
                for one in range(3):
                    pipe.execute(insert, [ten + one, ""])
            pipe.execute(insert, [ten + 9, ""])
    assert await numbers(conn) == [ten + one for ten in range(0, 50, 10) for one in (0, 1, 2, 9)]
    assert conn.status is Status.IDLE


@pytest.mark.parametrize("place", [0, 2, 4])
async def test_one_error_undoes_all_and_is_that_of_one_statement(conn: Any, insert: str, place: int) -> None:
    await create(conn)
    await maybe(conn.execute(insert, [100 + place, ""]))
    pending = []
    with pytest.raises(UniqueViolation):
        async with entered(conn.pipeline()) as pipe:
            async with entered(pipe.transaction()):
                pending = [pipe.execute(insert, [100 + number, ""]) for number in range(5)]
            after = pipe.execute(insert, [999, ""])
    for number, one in enumerate(pending):
        if number < place:
            assert await maybe(one.result()) == 1
        elif number == place:
            with pytest.raises(UniqueViolation):
                await maybe(one.result())
        else:
            with pytest.raises(DatabaseError, match=r"not run, because .* failed: UniqueViolation") as caught:
                await maybe(one.result())
            assert caught.value.sqlstate == "25P02"
            assert isinstance(caught.value.__cause__, UniqueViolation)
    assert await maybe(after.result()) == 1
    assert await numbers(conn) == [100 + place, 999]
    assert conn.status is Status.IDLE


async def test_who_took_the_error_hears_that_nothing_was_committed(conn: Any, insert: str) -> None:
    await create(conn)
    with pytest.raises(OperationalError, match="was not committed"):
        async with entered(conn.pipeline()) as pipe:
            async with entered(pipe.transaction()):
                pipe.execute(insert, [1, ""])
                bad = pipe.execute(insert, [1, ""])
                with pytest.raises(UniqueViolation):
                    await maybe(bad.result())
    assert await numbers(conn) == []


async def test_an_exception_rolls_back(conn: Any, insert: str) -> None:
    await create(conn)
    async with entered(conn.pipeline()) as pipe:
        with pytest.raises(KeyError):
            async with entered(pipe.transaction()):
                pipe.execute(insert, [1, ""])
                raise KeyError("mine")
        with pytest.raises(KeyError):
            async with entered(pipe.transaction()):
                raise KeyError("before anything was sent")
        pipe.execute(insert, [2, ""])
    assert await numbers(conn) == [2]
    assert conn.status is Status.IDLE


async def test_a_commit_that_fails(conn: Any) -> None:
    await maybe(conn.script("CREATE TABLE p (a int PRIMARY KEY)"))
    await maybe(conn.script("CREATE TABLE f (a int REFERENCES p (a) DEFERRABLE INITIALLY DEFERRED)"))
    with pytest.raises(IntegrityError):
        async with entered(conn.pipeline()) as pipe:
            async with entered(pipe.transaction()):
                pipe.execute("INSERT INTO f VALUES (1)")
    assert conn.status is Status.IDLE
    assert await maybe(conn.query("SELECT * FROM f")) == []


async def test_nesting_is_refused(conn: Any, insert: str) -> None:
    await create(conn)
    async with entered(conn.pipeline()) as pipe:
        async with entered(pipe.transaction()):
            pipe.execute(insert, [1, ""])
            with pytest.raises(ProgrammingError, match="in a transaction already"):
                async with entered(pipe.transaction()):
                    pass
        block = pipe.transaction()
        async with entered(block):
            pass
        with pytest.raises(ProgrammingError, match="used once"):
            async with entered(block):
                pass
    async with entered(conn.transaction()) as tx:
        async with entered(tx.pipeline()) as pipe:
            with pytest.raises(ProgrammingError, match="in a transaction already"):
                async with entered(pipe.transaction()):
                    pass
    assert await numbers(conn) == [1]


@pytest.mark.parametrize("colour", ["async"])
@pytest.mark.parametrize("moment", range(8))
async def test_a_cancelled_block_leaves_no_transaction_open(conn: Any, insert: str, moment: int) -> None:
    slow = {
        "postgresql": "SELECT pg_sleep(30)",
        "sqlite": "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT max(n) FROM c",
    }
    await create(conn)

    async def work() -> None:
        async with conn.pipeline() as pipe:
            async with pipe.transaction():
                pipe.execute(insert, [1, ""])
                pipe.query(slow[conn.dialect])
                pipe.query("SELECT 1 AS behind")
                if moment % 2:
                    await pipe.sync()
            pipe.query("SELECT 2 AS later")

    task = asyncio.ensure_future(work())
    await asyncio.sleep(moment * 0.005)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await numbers(conn) == []
    assert conn.status is Status.IDLE


async def test_a_value_that_is_refused_here_undoes_all(conn: Any, insert: str) -> None:
    await create(conn)
    with pytest.raises(DatabaseError) as caught:
        async with entered(conn.pipeline()) as pipe:
            async with entered(pipe.transaction()):
                pipe.execute(insert, [1, ""])
                pipe.execute(insert, [object(), ""])
                behind = pipe.execute(insert, [2, ""])
            async with entered(pipe.transaction()):
                pipe.execute(insert, [3])
            async with entered(pipe.transaction()):
                pipe.execute(insert, [4, ""])
    assert caught.value.parameter == 1 or conn.dialect == "sqlite"
    with pytest.raises(DatabaseError, match="not run, because"):
        await maybe(behind.result())
    assert await numbers(conn) == [4]


async def test_what_was_queued_before_is_no_part_of_it(conn: Any, insert: str) -> None:
    await create(conn)
    with pytest.raises(DatabaseError):
        async with entered(conn.pipeline()) as pipe:
            pipe.execute(insert, [1, "", "one too many"])  # known to be wrong once the statement is prepared
            async with entered(pipe.transaction()):
                kept = pipe.execute(insert, [2, ""])
    assert await maybe(kept.result()) == 1
    assert await numbers(conn) == [2]


async def test_a_plan_that_is_healed_does_not_join_what_began_behind_it(pg: Any) -> None:
    await create(pg)
    await maybe(pg.script("CREATE TABLE log (a int, b int)"))
    sql = "INSERT INTO log SELECT 1, 2 RETURNING *"
    await maybe(pg.query(sql))
    for statements in (0, 1):
        await maybe(pg.script(f"ALTER TABLE log ADD COLUMN c{statements} int"))
        rows = 2 + statements
        async with entered(pg.pipeline()) as pipe:
            stale = pipe.query(sql)
            with pytest.raises(KeyError):
                async with entered(pipe.transaction()):
                    for _ in range(statements):
                        pipe.execute("DELETE FROM log")
                    raise KeyError
            try:
                await maybe(stale.result())
            except NotSupportedError:
                rows -= 1  # the transaction had begun by then: it is not run again inside of that
        assert await maybe(pg.query_one("SELECT count(*) FROM log")) == (rows,)
    assert pg.status is Status.IDLE


async def test_options(pg: Any) -> None:
    async with entered(pg.pipeline()) as pipe:
        async with entered(pipe.transaction(isolation="serializable", readonly=True)):
            found = pipe.query_one(
                "SELECT current_setting('transaction_isolation'), current_setting('transaction_read_only')"
            )
    assert await maybe(found.result()) == ("serializable", "on")


async def test_inside_a_transaction_of_the_connection(conn: Any, insert: str) -> None:
    await create(conn)
    async with entered(conn.transaction()) as tx:
        async with entered(tx.pipeline()) as pipe:
            pipe.execute(insert, [1, ""])
            pipe.execute(insert, [2, ""])
        assert await numbers(conn) == [1, 2]
    with pytest.raises(UniqueViolation):
        async with entered(conn.transaction()):
            async with entered(conn.pipeline()) as pipe:
                pipe.execute(insert, [3, ""])
                pipe.execute(insert, [1, ""])
                pipe.execute(insert, [4, ""])
    assert await numbers(conn) == [1, 2]


async def test_a_transaction_of_the_connection_inside(conn: Any, insert: str) -> None:
    await create(conn)
    async with entered(conn.pipeline()) as pipe:
        pipe.execute(insert, [1, ""])
        async with entered(conn.transaction()):
            pipe.execute(insert, [2, ""])
            await maybe(conn.execute(insert, [3, ""]))
        with pytest.raises(KeyError):
            async with entered(conn.transaction()):
                pipe.execute(insert, [4, ""])
                await maybe(conn.execute(insert, [5, ""]))
                raise KeyError("mine")
    assert await numbers(conn) == [1, 2, 3]


async def test_savepoints_bring_a_transaction_back(pg: Any) -> None:
    """An error must not reach beyond a ROLLBACK TO that was queued behind it."""
    await create(pg)
    insert = INSERT["postgresql"]
    await maybe(pg.execute(insert, [0, ""]))
    for undo in ("script", "execute"):
        async with entered(pg.transaction()):
            async with entered(pg.pipeline()) as pipe:
                pipe.execute("DELETE FROM t WHERE a > 0")
                pipe.execute(insert, [1, ""])
                getattr(pipe, undo)("SAVEPOINT s")
                lost = pipe.execute(insert, [2, ""])
                bad = pipe.execute(insert, [1, ""])
                behind = pipe.execute(insert, [3, ""])
                getattr(pipe, undo)("ROLLBACK TO SAVEPOINT s")
                pipe.execute(insert, [4, ""])
                assert await maybe(lost.result()) == 1
                for one, kind in ((bad, UniqueViolation), (behind, DatabaseError)):
                    with pytest.raises(kind):
                        await maybe(one.result())
        assert await numbers(pg) == [0, 1, 4]


async def test_statements_in_a_failed_transaction_name_the_cause(pg: Any) -> None:
    await create(pg)
    with pytest.raises(UniqueViolation):
        async with entered(pg.transaction()):
            async with entered(pg.pipeline()) as pipe:
                pipe.execute(INSERT["postgresql"], [1, ""])
                pipe.execute(INSERT["postgresql"], [1, ""])
                await maybe(pipe.sync())
                late = pipe.execute(INSERT["postgresql"], [2, ""])
                await maybe(pipe.sync())
    with pytest.raises(DatabaseError, match=r"not run, because .* failed: UniqueViolation"):
        await maybe(late.result())
