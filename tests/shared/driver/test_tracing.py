"""A handler learns of every statement, and no statement learns of the handler."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Any

import pytest

from ferrow import create_engine, driver
from ferrow.driver import Shape, Trace, log_statement
from ferrow.driver.tracing import TracingWire
from ferrow.errors import DatabaseError, InterfaceError, ProgrammingError
from tests.support import entered, maybe
from tests.support.traces import facts

INSERT = {"postgresql": "INSERT INTO t VALUES ($1, $2)", "sqlite": "INSERT INTO t VALUES (?1, ?2)"}


async def test_every_kind_of_statement(conn: Any, seen: list[Trace]) -> None:
    sql = INSERT[conn.dialect]
    await maybe(conn.script("CREATE TABLE t (a int, b text)"))
    conn.trace(seen.append)
    await maybe(conn.execute(sql, [1, "first"]))
    await maybe(conn.run_many(sql, [[2, "two"], [3, "three"]], Shape.tuples()))
    await maybe(conn.script("UPDATE t SET a = a"))
    await maybe(conn.query("SELECT * FROM t"))
    assert facts(seen) == [
        (sql, 2, 1),
        (sql, 4, 2),
        ("UPDATE t SET a = a", 0, -1),
        ("SELECT * FROM t", 0, 3),
    ]
    for trace in seen:
        assert trace.seconds >= 0
        assert trace.error is None
        assert trace.values is None
        assert trace.pid == conn.backend_pid
        assert "first" not in repr(trace)


async def test_how_long_it_took(conn: Any, seen: list[Trace]) -> None:
    if conn.dialect == "sqlite":
        await maybe(conn.sqlite.create_function("pg_sleep", time.sleep))
    conn.trace(seen.append)
    before = time.perf_counter()
    await maybe(conn.query("SELECT pg_sleep(0.05)"))
    assert 0.04 <= seen[0].seconds <= time.perf_counter() - before


async def test_statements_of_cursors(conn: Any, seen: list[Trace]) -> None:
    conn.trace(seen.append)
    conn.autocommit = True
    cursor = conn.cursor()
    await maybe(cursor.execute("SELECT 1"))
    await maybe(conn.run("SELECT 2", None, Shape.tuples()))
    await maybe(conn.query_one("SELECT 3"))
    conn.trace(None)
    await maybe(cursor.execute("SELECT 4"))
    assert facts(seen) == [("SELECT 1", 0, 1), ("SELECT 2", 0, 1), ("SELECT 3", 0, 1)]


async def test_transactions_are_statements_too(conn: Any, seen: list[Trace]) -> None:
    conn.trace(seen.append)
    async with entered(conn.transaction()) as tx:
        await maybe(tx.query("SELECT 1"))
        async with entered(tx.transaction()):
            pass
    words = [trace.sql.split()[0] for trace in seen]
    assert words == ["BEGIN", "SELECT", "SAVEPOINT", "RELEASE", "COMMIT"]


async def test_a_transaction_that_begins_in_a_pipeline(conn: Any, seen: list[Trace]) -> None:
    conn.trace(seen.append)
    async with entered(conn.transaction()), entered(conn.pipeline()) as pipe:
        pipe.query("SELECT 1")
        pipe.query("SELECT 2")
    told = [(trace.sql.split()[0], trace.rowcount) for trace in seen]
    assert told == [("BEGIN", -1), ("SELECT", 1), ("SELECT", 1), ("COMMIT", -1)]


async def test_a_transaction_of_a_pipeline_in_which_nothing_happens(conn: Any, seen: list[Trace]) -> None:
    """PostgreSQL is not told of it, and so is nobody else, not even with the next statement."""
    conn.trace(seen.append)
    async with entered(conn.pipeline()) as pipe:
        async with entered(pipe.transaction()):
            pass
        pipe.execute("SELECT 1")
    told = [] if conn.dialect == "postgresql" else ["BEGIN", "COMMIT"]
    assert [trace.sql.split()[0] for trace in seen] == [*told, "SELECT"]


async def test_values_only_where_asked_for(conn: Any, seen: list[Trace]) -> None:
    await maybe(conn.script("CREATE TABLE t (a int, b text)"))
    conn.trace(seen.append, values=True)
    await maybe(conn.execute(INSERT[conn.dialect], [1, "first"]))
    await maybe(conn.run_many(INSERT[conn.dialect], [[2, "two"]], Shape.tuples()))
    assert [trace.values for trace in seen] == [[1, "first"], [[2, "two"]]]


async def test_errors_are_traced_and_raised(conn: Any, seen: list[Trace]) -> None:
    conn.trace(seen.append)
    with pytest.raises(ProgrammingError) as caught:
        await maybe(conn.query("SELECT nonsense"))
    (trace,) = seen
    assert trace.error is caught.value
    assert trace.rowcount == -1
    for wrong in (lambda: conn.run_many("SELECT 1", [None], Shape.tuples()), lambda: conn.query("SELECT 1", object())):
        with pytest.raises((DatabaseError, TypeError)):
            await maybe(wrong())
    assert (await maybe(conn.query_one("SELECT 1")))[0] == 1


async def test_a_handler_that_fails_harms_nothing(conn: Any, caplog: pytest.LogCaptureFixture) -> None:
    def fail(trace: Trace) -> None:
        raise ZeroDivisionError

    conn.trace(fail)
    assert (await maybe(conn.query_one("SELECT 1")))[0] == 1
    assert [one.name for one in caplog.records if one.name.startswith("ferrow")] == ["ferrow.statements"]
    assert "fail" in caplog.text


async def test_without_a_handler_nothing_stands_in_the_way(conn: Any, seen: list[Trace]) -> None:
    plain = conn.wire
    assert not isinstance(plain, TracingWire)
    conn.trace(seen.append)
    conn.trace(print)  # replaces, does not pile up
    assert conn.wire.inner is plain
    conn.trace(None)
    assert conn.wire is plain
    await maybe(conn.query("SELECT 1"))
    assert seen == []


async def test_from_the_beginning(url: str, colour: str, seen: list[Trace]) -> None:
    options: dict[str, Any] = {"trace": seen.append, "trace_values": True}
    conn: Any = await driver.connect_async(url, **options) if colour == "async" else driver.connect(url, **options)
    placeholder = "$1::int" if conn.dialect == "postgresql" else "?"
    await maybe(conn.query(f"SELECT {placeholder}", [7]))
    assert [trace.values for trace in seen] == [[7]]
    await maybe(conn.close())


async def test_an_engine(url: str, colour: str, seen: list[Trace]) -> None:
    engine: Any = create_engine(url, trace=seen.append)
    engine = await engine if colour == "async" else engine
    await maybe(engine.query("SELECT 1"))
    async with entered(engine.transaction()) as tx:
        await maybe(tx.query("SELECT 2"))
    async with entered(engine.connection()) as conn:
        await maybe(conn.query("SELECT 3"))
    await maybe(engine.close())
    assert [trace.sql for trace in seen if trace.sql.startswith("SELECT")] == ["SELECT 1", "SELECT 2", "SELECT 3"]


async def test_handlers_are_plain_functions(conn: Any, url: str) -> None:
    async def handler(trace: Trace) -> None: ...

    for wrong in (handler, 7):
        with pytest.raises(ProgrammingError, match="plain function"):
            conn.trace(wrong)
        with pytest.raises(ProgrammingError, match="plain function"):
            create_engine(url, trace=wrong)  # type: ignore[arg-type]
        with pytest.raises(ProgrammingError, match="plain function"):
            driver.connect(url, trace=wrong)


@pytest.mark.postgresql
async def test_a_cancelled_statement_is_traced(postgresql_url: str, seen: list[Trace]) -> None:
    async with driver.AsyncConnection(postgresql_url, trace=seen.append) as conn:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await conn.query("SELECT pg_sleep(20)")
        assert isinstance(seen[0].error, asyncio.CancelledError)
        assert (await conn.query_one("SELECT 1"))[0] == 1


@pytest.mark.postgresql
async def test_notifications_pass_through(pg: Any, seen: list[Trace]) -> None:
    pg.trace(seen.append)
    await maybe(pg.listen("jobs"))
    await maybe(pg.notify("jobs", "secret"))
    stream = pg.notifications(0)
    found = [each async for each in stream] if hasattr(stream, "__aiter__") else [*stream]
    assert [each.payload for each in found] == ["secret"]
    assert [trace.sql for trace in seen] == [
        'LISTEN "jobs"',
        "SELECT pg_catalog.pg_notify(pg_catalog.textin($1), pg_catalog.textin($2))",
    ]


async def test_the_log_gets_no_values(conn: Any, caplog: pytest.LogCaptureFixture) -> None:
    await maybe(conn.script("CREATE TABLE t (a int PRIMARY KEY, b text)"))
    conn.trace(log_statement, values=True)
    with caplog.at_level(logging.DEBUG, "ferrow.statements"):
        await maybe(conn.execute(INSERT[conn.dialect], [4711, "s3cret"]))
        with pytest.raises(DatabaseError):
            await maybe(conn.execute(INSERT[conn.dialect], [4711, "s3cret"]))
    records = [record for record in caplog.records if record.name == "ferrow.statements"]
    assert [record.levelname for record in records] == ["DEBUG", "INFO"]
    assert "UniqueViolation" in records[1].getMessage()
    text = "\n".join(record.getMessage() for record in records)
    assert "INSERT INTO t" in text
    assert "s3cret" not in text
    assert "4711" not in text


def test_the_log_counts_only_what_was_counted(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, "ferrow.statements"):
        for count in (-1, 0, 1, 2):
            log_statement(Trace(sql="BEGIN", parameters=0, rowcount=count, seconds=0.0005, error=None, pid=None))
    assert [one.getMessage() for one in caplog.records if one.name.startswith("ferrow")] == [
        "0.500 ms: BEGIN",
        "0.500 ms, 0 rows: BEGIN",
        "0.500 ms, 1 row: BEGIN",
        "0.500 ms, 2 rows: BEGIN",
    ]


class Odd:
    """A wire with methods nobody has thought of yet."""

    dialect = "odd"
    closed = False
    backend_pid = 7
    answer = 42

    async def batch(self, statements: tuple[str, ...], *, flag: bool = False) -> list[int]:
        return [*range(len(statements) + flag)]

    async def prepare(self, sql: str) -> None: ...

    async def open_cursor(self, sql: str, params: Any, shape: Any = None) -> str:
        return "cursor"

    async def other(self, number: int) -> int:
        return number

    def facts(self) -> dict[str, int]:
        return {}


@pytest.mark.only(colour="sync")
@pytest.mark.parametrize("use", ["query", "execute_batch", "begin", "stream", "pipeline"])
async def test_a_handler_that_uses_its_connection(
    conn: Any, seen: list[Trace], caplog: pytest.LogCaptureFixture, use: str
) -> None:
    """Those statements would be traced in turn, without end."""
    uses = {
        "query": lambda: conn.query("SELECT 2"),
        "execute_batch": lambda: conn.execute_batch(["SELECT 2"]),
        "begin": lambda: conn.begin(),
        "stream": lambda: list(conn.stream("SELECT 2")),
        "pipeline": lambda: conn.pipeline().__enter__().execute("SELECT 2"),
    }

    def handler(trace: Trace) -> None:
        seen.append(trace)
        uses[use]()

    conn.trace(handler)
    assert conn.query_one("SELECT 1")[0] == 1
    assert facts(seen) == [("SELECT 1", 0, 1)]
    (record,) = [record for record in caplog.records if record.name == "ferrow.statements"]
    assert record.exc_info is not None
    assert isinstance(record.exc_info[1], InterfaceError)
    assert "must not use the connection that it is told of" in str(record.exc_info[1])
    conn.trace(seen.append)
    assert conn.status == "idle"
    assert conn.query_one("SELECT 3")[0] == 3
    assert len(seen) == 2


async def test_methods_of_tomorrow(seen: list[Trace]) -> None:
    wire: Any = TracingWire(Odd(), seen.append, values=True)  # type: ignore[arg-type]
    assert await wire.batch(("a", "b"), flag=True) == [0, 1, 2]
    await wire.prepare(sql="c")
    assert await wire.open_cursor("d", [1, 2]) == "cursor"
    assert await wire.other(5) == 5
    assert (wire.answer, wire.facts()) == (42, {})
    with pytest.raises(AttributeError):
        wire.nonsense  # noqa: B018
    assert facts(seen) == [("a; b", 0, 3), ("c", 0, -1), ("d", 2, -1)]
    assert [trace.values for trace in seen] == [None, None, [1, 2]]
