"""What pipelines run, in what order and beside what, in both colours and on both databases."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow._core import Shape
from ferrow.driver import Trace
from ferrow.errors import (
    DatabaseError,
    InterfaceError,
    NoResultFound,
    NotSupportedError,
    ProgrammingError,
    UniqueViolation,
)
from tests.support import entered, maybe
from tests.support.pipelines import create, insert, numbers

__all__ = ["insert"]


async def test_results_of_every_kind(conn: Any, insert: str) -> None:
    async with entered(conn.pipeline()) as pipe:
        made = pipe.script("CREATE TABLE t (a int PRIMARY KEY, b text); INSERT INTO t VALUES (1, 'one')")
        added = pipe.execute(insert, [2, "two"])
        many = pipe.run_many(insert, iter([[3, "three"], [4, "four"]]))
        rows = pipe.query("SELECT a FROM t ORDER BY a")
        one = pipe.query_one("SELECT b FROM t WHERE a = 3")
        none = pipe.query_one("SELECT b FROM t WHERE a = 99")
        plain = pipe.run("SELECT a, b FROM t WHERE a = 1", None, Shape.tuples())
        assert await maybe(one.result()) == ("three",)
        assert one.done()
        assert made.done()  # answers come in order
    assert await maybe(made.result()) is None
    assert await maybe(added.result()) == await maybe(added.result()) == 1
    assert (await maybe(many.result())).rowcount == 2
    assert [row["a"] for row in await maybe(rows.result())] == [1, 2, 3, 4]
    assert (await maybe(plain.result())).rows == [(1, "one")]
    with pytest.raises(NoResultFound):
        await maybe(none.result())
    assert "Pending done" in repr(rows)


async def test_statements_run_in_order_between_those_of_the_connection(conn: Any, insert: str) -> None:
    await create(conn)
    async with entered(conn.pipeline()) as pipe:
        for number in range(5):
            pipe.execute(insert, [number, ""])
        assert await numbers(conn) == [0, 1, 2, 3, 4]
        pipe.execute("DELETE FROM t WHERE a > 1")
        left = pipe.query_one("SELECT count(*) FROM t")
        await maybe(conn.execute(insert, [9, ""]))
        assert await maybe(left.result()) == (2,)
    assert await numbers(conn) == [0, 1, 9]


async def test_sync_waits_for_all_and_raises_nothing(conn: Any, insert: str) -> None:
    await create(conn)
    with pytest.raises(UniqueViolation):
        async with entered(conn.pipeline()) as pipe:
            pending = [pipe.execute(insert, [1, ""]) for _ in range(3)]
            await maybe(pipe.sync())
            assert all(one.done() for one in pending)


async def test_inside_a_stream_that_holds_the_connection(conn: Any) -> None:
    async with entered(conn.pipeline()) as pipe:
        async with entered(conn.stream("SELECT 1 UNION SELECT 2")) as rows:
            with pytest.raises(InterfaceError, match="a stream is open"):
                pipe.query("SELECT 1")
            assert len(await maybe(rows.fetch(5))) == 2
        assert await maybe(pipe.query("SELECT 3").result()) == [(3,)]
    async with entered(conn.stream("SELECT 1")):
        with pytest.raises(InterfaceError, match="a stream is open"):
            async with entered(conn.pipeline()):
                pass


async def test_a_stream_of_the_same_transaction_goes_on_beside_it(conn: Any) -> None:
    async with entered(conn.transaction()) as tx:
        async with entered(tx.pipeline()) as pipe, entered(tx.stream("SELECT 1 UNION SELECT 2 ORDER BY 1")) as rows:
            pending = pipe.query("SELECT 3")
            assert await maybe(rows.fetch(1)) == [(1,)]
            assert await maybe(pending.result()) == [(3,)]
            assert await maybe(rows.fetch(5)) == [(2,)]


async def test_copy_is_refused_in_it_and_runs_beside_it(pg: Any) -> None:
    await create(pg)
    async with entered(pg.pipeline()) as pipe:
        pipe.execute("INSERT INTO t VALUES (1, 'x')")
        refused = pipe.execute("COPY t FROM STDIN")
        assert await maybe(pg.copy_in("t", [(2, "y")])) == 1
        pipe.execute("INSERT INTO t VALUES (3, 'z')")
        async with entered(pg.transaction()):
            for number in range(10, 15):
                pipe.execute("INSERT INTO t VALUES ($1, '')", [number])
                assert await maybe(pg.copy_in("t", [(number + 10, "")])) == 1
            await maybe(pg.execute("DELETE FROM t WHERE a >= 10"))
        with pytest.raises(NotSupportedError, match="copy_in"):
            await maybe(refused.result())
        copied = pg.copy_out("t")
        async with entered(copied):
            with pytest.raises(InterfaceError, match="a COPY is under way"):
                pipe.query("SELECT 1")
    assert await numbers(pg) == [1, 2, 3]


async def test_many_new_statements(pg: Any) -> None:
    """Each is prepared first, and all stay in order."""
    async with entered(pg.pipeline()) as pipe:
        pending = [pipe.query_one(f"SELECT {number}, nextval('s')") for number in range(3)]
        pipe.script("CREATE SEQUENCE s")
        pending += [pipe.query_one(f"SELECT {number}, nextval('s')") for number in range(400)]
        for one in pending[:3]:
            with pytest.raises(ProgrammingError):
                await maybe(one.result())
    assert [tuple(await maybe(one.result())) for one in pending[3:]] == [(n, n + 1) for n in range(400)]


async def test_more_than_sockets_hold(pg: Any) -> None:
    """20,000 statements of 1 KB each way: neither side may wait for the other to read first."""
    text = "x" * 1000
    async with entered(pg.pipeline()) as pipe:
        pending = [pipe.query_one("SELECT $1::text, $2::int", [text, number]) for number in range(20_000)]
        assert [tuple(await maybe(one.result())) for one in pending] == [(text, number) for number in range(20_000)]


async def test_large_values_both_ways(pg: Any) -> None:
    data = b"\0\xff" * 2_000_000
    async with entered(pg.pipeline()) as pipe:
        pending = [pipe.query_one("SELECT $1::bytea", [data]) for _ in range(8)]
    assert [await maybe(one.result()) for one in pending] == [(data,)] * 8


async def test_types_that_are_looked_up_in_between(pg: Any) -> None:
    await maybe(pg.script("CREATE TYPE mood AS ENUM ('sad', 'fine'); CREATE TYPE pair AS (a int, b mood)"))
    async with entered(pg.transaction()):
        async with entered(pg.pipeline()) as pipe:
            pending = []
            for number in range(20):
                pending.append(pipe.query_one("SELECT $1::int, 'fine'::mood", [number]))
                pending.append(pipe.query_one("SELECT $1::int, ROW($1, 'sad')::pair", [number]))
    found = [await maybe(one.result()) for one in pending]
    assert [row[0] for row in found] == [number // 2 for number in range(40)]
    assert found[0][1] == "fine"
    assert tuple(found[1][1]) == (0, "sad")


async def test_a_stale_plan_is_healed_in_a_pipeline(pg: Any) -> None:
    await create(pg)
    await maybe(pg.execute("INSERT INTO t VALUES (1, 'x')"))
    assert await maybe(pg.query("SELECT * FROM t")) == [(1, "x")]
    async with entered(pg.pipeline()) as pipe:
        pipe.script("ALTER TABLE t ADD COLUMN c int")
        rows = pipe.query("SELECT * FROM t")
        other = pipe.query("SELECT 1")
    assert await maybe(rows.result()) == [(1, "x", None)]
    assert await maybe(other.result()) == [(1,)]


async def test_traces(conn: Any, insert: str) -> None:
    await create(conn)
    seen: list[Trace] = []
    conn.trace(seen.append)
    with pytest.raises(UniqueViolation):
        async with entered(conn.pipeline()) as pipe:
            async with entered(pipe.transaction()):
                pass
            async with entered(pipe.transaction()):
                pipe.execute(insert, [1, ""])
            pipe.execute(insert, [1, ""])
    told = [(trace.sql.split()[0], trace.rowcount, type(trace.error).__name__) for trace in seen]
    expected = [
        ("BEGIN", -1, "NoneType"),
        ("INSERT", 1, "NoneType"),
        ("COMMIT", -1, "NoneType"),
        ("INSERT", -1, "UniqueViolation"),
    ]
    if conn.dialect == "sqlite":  # elsewhere nothing is sent of a transaction without statements
        assert [sql for sql, _, _ in told[:2]] == ["BEGIN", "COMMIT"]
        del told[:2]
    assert told == expected


async def test_an_error_beside_it_does_it_no_harm(pg: Any) -> None:
    async with entered(pg.pipeline()) as pipe:
        for _ in range(3):
            pending = pipe.query("SELECT 6 FROM pg_sleep(0.05)")
            with pytest.raises(DatabaseError):
                await maybe(pg.query("SELECT 1", {"no": "such"}))
            with pytest.raises(DatabaseError):
                await maybe(pg.query("SELECT nonsense"))
            behind = pipe.query("SELECT 7 FROM pg_sleep(0.05)")
            with pytest.raises(DatabaseError):
                await maybe(pg.query("SELECT 1", {"no": "such"}))
            assert await maybe(pending.result()) == [(6,)]
            assert await maybe(behind.result()) == [(7,)]
