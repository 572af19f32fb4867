"""What checkers know about pipelines, in both colours."""

from typing import assert_type

from ferrow import create_engine
from ferrow.driver import AsyncPending, AsyncPipeline, Pending, Pipeline, Result, Row, connect, connect_async


def in_sync_code() -> None:
    with connect("sqlite::memory:") as conn, conn.pipeline() as pipe:
        assert_type(pipe, Pipeline)
        assert_type(pipe.execute("SELECT 1"), Pending[int])
        assert_type(pipe.query("SELECT 1").result(), list[Row])
        assert_type(pipe.query_one("SELECT 1").result(), Row)
        assert_type(pipe.run_many("SELECT ?1", [[1]]).result(), Result)
        with pipe.transaction(isolation="serializable"):
            assert_type(pipe.script("SELECT 1"), Pending[None])
        pipe.sync()
    with create_engine("sqlite::memory:") as engine, engine.pipeline() as pipe:
        assert_type(pipe, Pipeline)


async def in_async_code() -> None:
    async with await connect_async("sqlite::memory:") as conn, conn.pipeline() as pipe:
        assert_type(pipe, AsyncPipeline)
        assert_type(pipe.execute("SELECT 1"), AsyncPending[int])
        assert_type(await pipe.query("SELECT 1"), list[Row])
        assert_type(await pipe.query_one("SELECT 1").result(), Row)
        async with pipe.transaction():
            assert_type(pipe.script("SELECT 1"), AsyncPending[None])
        await pipe.sync()
