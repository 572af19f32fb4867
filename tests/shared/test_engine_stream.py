"""`engine.stream`: a connection is borrowed for as long as rows are read."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from ferrow import create_engine
from ferrow.driver import Shape
from ferrow.errors import InterfaceError, ProgrammingError
from tests.support import entered, items, maybe
from tests.support.deadlines import eventually

SERIES = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 100) SELECT n FROM c"


async def test_all_rows_in_order_and_in_any_shape(engine: Any) -> None:
    assert [row["n"] for row in await items(engine.stream(SERIES, chunk=7))] == [*range(1, 101)]
    assert await items(engine.stream(SERIES, shape=Shape.column(0))) == [*range(1, 101)]
    assert engine.pool.stats().used == 0


async def test_parameters_and_fetch(engine: Any, backend: str) -> None:
    mark = {"postgresql": "$1::int", "sqlite": "?", "mariadb": "?"}[backend]
    async with entered(engine.stream(f"SELECT {mark}", [7])) as rows:
        assert engine.pool.stats().used == 1
        assert await maybe(rows.fetch()) == [(7,)]
        assert await maybe(rows.fetch()) == []
        assert engine.pool.stats().used == 0  # read to the end, it needs no connection any more


async def test_one_that_nobody_holds_gives_its_connection_back(engine: Any, colour: str) -> None:
    stream = engine.stream(SERIES, chunk=3)
    assert len(await maybe(stream.fetch())) == 3
    assert engine.pool.stats().used == 1
    del stream
    # On a loop a task of its own ends the stream, in the thread of a SQLite connection: that takes as long as it takes.
    await eventually(colour, lambda: engine.pool.stats().used == 0)
    assert await maybe(engine.query_one("SELECT 7")) == (7,)


async def test_one_that_is_left_gives_its_connection_back(engine: Any) -> None:
    for _ in range(20):  # more than the pool has
        async with entered(engine.stream(SERIES, chunk=3)) as rows:
            assert len(await maybe(rows.fetch())) == 3
    for _ in range(20):
        if hasattr(engine.stream(SERIES), "__aiter__"):
            async for _row in engine.stream(SERIES, chunk=3):
                break
        else:
            for _row in engine.stream(SERIES, chunk=3):
                break
    assert (await maybe(engine.query_one("SELECT 7")))[0] == 7


async def test_who_has_left_one_may_wait_for_its_connection(url: str, colour: str) -> None:
    """On a loop a task ends it. There is no other connection, but nobody waits for himself."""
    engine: Any = create_engine(url, max_size=1)
    engine = await engine if colour == "async" else engine
    async with entered(engine):
        for _ in range(3):
            if colour == "async":
                async for _row in engine.stream(SERIES, chunk=3):
                    break
            else:
                for _row in engine.stream(SERIES, chunk=3):
                    break
            async with entered(engine.connection()) as conn:
                assert await maybe(conn.query_one("SELECT 7")) == (7,)


async def test_inside_a_transaction_it_is_a_part_of_that(engine: Any) -> None:
    await maybe(engine.script("CREATE TABLE streamed (n integer)"))
    with pytest.raises(ZeroDivisionError):
        async with entered(engine.transaction()) as tx:
            await maybe(tx.execute("INSERT INTO streamed VALUES (1)"))
            async with entered(engine.stream("SELECT n FROM streamed", chunk=1)) as rows:
                assert [row[0] for row in await maybe(rows.fetch())] == [1]
                await maybe(engine.execute("INSERT INTO streamed VALUES (2)"))
            raise ZeroDivisionError
    assert await maybe(engine.query("SELECT n FROM streamed")) == []
    await maybe(engine.script("DROP TABLE streamed"))


async def test_what_is_refused(engine: Any) -> None:
    for wrong in ({"chunk": 0}, {"chunk": True}, {"timeout": 0}):
        with pytest.raises(InterfaceError):
            engine.stream(SERIES, **wrong)
    with pytest.raises(ProgrammingError):
        await items(engine.stream("SELEC 1"))
    assert engine.pool.stats().used == 0


@pytest.mark.only(style="declarative")
async def test_a_unit_of_work_writes_first(engine: Any, session: Any, models: ModuleType) -> None:
    async with entered(session.begin()):
        session.add(models.User(name="Ada", email="ada@example.org"))
        assert [row[0] for row in await items(engine.stream("SELECT name FROM users"))] == ["Ada"]
