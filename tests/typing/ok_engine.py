"""What checkers know about engines of both colours."""

from typing import Any, assert_type

from ferrow import AsyncEngine, Engine, create_engine
from ferrow.driver import AsyncConnection, AsyncTransaction, Connection, Row, Shape, Transaction
from ferrow.engine import AsyncEngineStream, AsyncPool, EngineStream, Pool, QueryResult


def in_sync_code() -> None:
    with create_engine("sqlite::memory:") as engine:
        assert_type(engine, Engine)
        with engine.transaction(isolation="serializable") as tx:
            assert_type(tx, Transaction)
        with engine.connection() as connection:
            assert_type(connection, Connection)
        assert_type(engine.query("SELECT 1"), list[Row])
        assert_type(engine.execute("SELECT 1"), QueryResult)
        assert engine.query_one("SELECT 1") == (1,)
        assert_type(engine.pool, Pool)
        assert_type(engine.stream("SELECT 1"), EngineStream[Row])
        assert_type(engine.stream("SELECT 1", shape=Shape.tuples()), EngineStream[tuple[Any, ...]])
        for row in engine.stream("SELECT 1", chunk=10):
            assert_type(row, Row)
        assert_type(engine.aio, AsyncEngine)


async def in_async_code() -> None:
    engine = await create_engine("sqlite::memory:")
    assert_type(engine, AsyncEngine)
    async with engine.transaction() as tx:
        assert_type(tx, AsyncTransaction)
    async with engine.connection() as connection:
        assert_type(connection, AsyncConnection)
    assert_type(await engine.query_one("SELECT 1"), Row)
    assert_type(engine.pool, AsyncPool)
    assert_type(engine.stream("SELECT 1"), AsyncEngineStream[Row])
    async for row in engine.stream("SELECT 1"):
        assert_type(row, Row)
    assert_type(engine.sync, Engine)
