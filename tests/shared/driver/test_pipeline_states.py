"""Random pipelines against the same statements one by one: the same results, the same errors, the same table."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ferrow import driver
from ferrow.errors import DatabaseError
from tests.support import entered, maybe
from tests.support.colours import Runner

pytestmark = pytest.mark.timeout(300)

NUMBERS = st.integers(0, 5)
STATEMENTS = st.one_of(
    st.tuples(st.just("insert"), NUMBERS),
    st.tuples(st.just("insert"), NUMBERS),
    st.tuples(st.just("delete"), NUMBERS),
    st.tuples(st.just("count"), st.just(0)),
    st.tuples(st.just("many"), NUMBERS),
    st.tuples(st.just("script"), NUMBERS),
    st.tuples(st.just("new"), st.integers(0, 10_000)),
    st.tuples(st.just("wrong"), NUMBERS),
    st.tuples(st.just("unfit"), NUMBERS),
    st.tuples(st.just("wait"), st.just(0)),
)
BLOCKS = st.lists(
    st.tuples(st.sampled_from(["alone", "transaction", "undone"]), st.lists(STATEMENTS, max_size=6)), max_size=4
)
PLACE = {"postgresql": "$", "sqlite": "?"}


def said(dialect: str, kind: str, number: int) -> tuple[str, str, Any]:
    """Method, text and parameters."""
    mark = PLACE[dialect]
    match kind:
        case "insert":
            return "execute", f"INSERT INTO t VALUES ({mark}1)", [number]
        case "delete":
            return "execute", f"DELETE FROM t WHERE a = {mark}1", [number]
        case "count":
            return "query", "SELECT a FROM t ORDER BY a", None
        case "many":
            return "run_many", f"INSERT INTO t VALUES ({mark}1)", [[number + 10], [number + 11]]
        case "script":
            return "script", f"INSERT INTO t VALUES ({number + 20}); DELETE FROM t WHERE a = {number}", None
        case "new":
            return "query", f"SELECT {number}", None
        case "wrong":
            return "query", "SELECT * FROM nowhere", None
        case _:
            return "execute", f"INSERT INTO t VALUES ({mark}1)", [number, "one too many"]


def outcome(found: Any) -> Any:
    if isinstance(found, DatabaseError):
        return type(found).__name__, found.sqlstate
    return getattr(found, "rowcount", found)


async def call(target: Any, name: str, sql: str, params: Any) -> Any:
    try:
        method = getattr(target, name)
        return await maybe(method(sql) if name == "script" else method(sql, params))
    except DatabaseError as error:
        return error


async def pipelined(conn: Any, blocks: Any) -> list[Any]:
    found: list[Any] = []

    async def queue(pipe: Any, statements: Any) -> None:
        for kind, number in statements:
            if kind == "wait":
                await maybe(pipe.sync())
                continue
            name, sql, params = said(conn.dialect, kind, number)
            method = getattr(pipe, name)
            found.append(method(sql) if name == "script" else method(sql, params))

    try:
        async with entered(conn.pipeline()) as pipe:
            for block, statements in blocks:
                if block == "alone":
                    await queue(pipe, statements)
                    continue
                try:
                    async with entered(pipe.transaction()):
                        await queue(pipe, statements)
                        if block == "undone":
                            raise KeyError
                except KeyError:
                    pass
    except DatabaseError:
        pass
    return [await settled(pending) for pending in found]


async def settled(pending: Any) -> Any:
    try:
        return outcome(await maybe(pending.result()))
    except DatabaseError as error:
        return outcome(error)


async def one_by_one(conn: Any, blocks: Any) -> list[Any]:
    """What must come of it: in a transaction nothing is run behind an error, and nothing is kept."""
    found: list[Any] = []
    for block, statements in blocks:
        failed: DatabaseError | None = None
        if block != "alone":
            await maybe(conn.script("BEGIN"))
        for kind, number in statements:
            if kind == "wait":
                continue
            if failed is not None:
                found.append((None, "25P02"))
                continue
            result = await call(conn, *said(conn.dialect, kind, number))
            found.append(outcome(result))
            if block != "alone" and isinstance(result, DatabaseError):
                failed = result
        if block != "alone":
            await maybe(conn.script("ROLLBACK" if block == "undone" or failed is not None else "COMMIT"))
    return found


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)
@given(blocks=BLOCKS)
def test_as_one_by_one(url: str, colour: str, runner: Runner, blocks: Any) -> None:
    def run(work: Coroutine[Any, Any, Any]) -> Any:
        return runner.run(work)

    async def compare() -> None:
        answers, tables = [], []
        for way in (pipelined, one_by_one):
            conn = await driver.connect_async(url) if colour == "async" else driver.connect(url)
            try:
                await maybe(conn.script("DROP TABLE IF EXISTS t; CREATE TABLE t (a int PRIMARY KEY)"))
                answers.append(await way(conn, blocks))
                assert str(conn.status) == "idle"
                tables.append(await maybe(conn.query("SELECT a FROM t ORDER BY a")))
            finally:
                await maybe(conn.close())
        assert tables[0] == tables[1]
        for mine, theirs in zip(*answers, strict=True):
            if theirs == (None, "25P02"):
                # Or refused here, where it was not known yet that another had failed.
                assert mine[1] == "25P02" or mine == ("ProgrammingError", None)
            else:
                assert mine == theirs

    run(compare())
