"""What checkers know about streams and COPY."""

from typing import Any, assert_type

from ferrow._core import Shape
from ferrow.driver import AsyncConnection, AsyncStream, Connection, CopyOut, Row, Stream, connect


def in_sync_code(conn: Connection) -> None:
    assert_type(conn.stream("SELECT 1"), Stream[Row])
    for row in conn.stream("SELECT 1", chunk=10):
        assert_type(row, Row)
    assert_type(conn.stream("SELECT 1", shape=Shape.tuples()), Stream[Any])
    with conn.stream("SELECT 1") as rows:
        assert_type(rows.fetch(10), list[Row])
    with connect("postgresql:///app").transaction() as tx:
        assert_type(tx.copy_in("t", [(1,)]), int)
        assert_type(tx.copy_out("t"), CopyOut[Any])


async def in_async_code(conn: AsyncConnection) -> None:
    assert_type(conn.stream("SELECT 1"), AsyncStream[Row])
    async with conn.stream("SELECT 1") as rows:
        async for row in rows:
            assert_type(row, Row)
        assert_type(await rows.fetch(10), list[Row])
    assert_type(await conn.copy_in("t", [(1,)], format="binary"), int)
