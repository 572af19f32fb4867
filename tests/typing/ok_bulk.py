"""What checkers know about streams and COPY."""

from typing import Any, assert_type

from ferrow._core import Shape
from ferrow.driver import AsyncConnection, AsyncStream, Connection, CopyOut, Row, Stream, connect
from ferrow.driver.copy_sql import Format
from ferrow.engine import AsyncEngine


def in_sync_code(conn: Connection) -> None:
    assert_type(conn.stream("SELECT 1"), Stream[Row])
    for row in conn.stream("SELECT 1", chunk=10):
        assert_type(row, Row)
    assert_type(conn.stream("SELECT 1", shape=Shape.tuples()), Stream[tuple[Any, ...]])
    with conn.stream("SELECT 1") as rows:
        assert_type(rows.fetch(10), list[Row])
    with connect("postgresql:///app").transaction() as tx:
        assert_type(tx.copy_in("t", [(1,)]), int)
        assert_type(tx.copy_out("t"), CopyOut[tuple[Any, ...]])


async def in_async_code(conn: AsyncConnection) -> None:
    assert_type(conn.stream("SELECT 1"), AsyncStream[Row])
    async with conn.stream("SELECT 1") as rows:
        async for row in rows:
            assert_type(row, Row)
        assert_type(await rows.fetch(10), list[Row])
    assert_type(await conn.copy_in("t", [(1,)], format="binary"), int)


class Point:
    x: int


def what_copies_give(conn: Connection, shape: Shape, shape_of_rows: Shape[Row], format: Format) -> None:
    assert_type(conn.copy_out("t", columns=["a"], schema="s", format="binary"), CopyOut[tuple[Any, ...]])
    for row in conn.copy_out("t", shape=Shape.rows()):
        assert_type(row, Row)
    points = Shape.instances(Point, ["x"], build="dict")
    assert_type(points, Shape[Point])
    with conn.copy_out(sql="SELECT 1", shape=points) as out:
        assert_type(out.fetch(10), list[Point])
    assert_type(conn.copy_out("t", shape=Shape.dicts()), CopyOut[dict[str, Any]])
    assert_type(conn.copy_out("t", shape=Shape.column(0)), CopyOut[Any])
    assert_type(conn.copy_out("t", shape=shape), CopyOut[Any])
    assert_type(conn.copy_out("t", shape=shape_of_rows), CopyOut[Row])
    assert_type(conn.copy_out("t", format="text"), CopyOut[bytes])
    assert_type(conn.copy_out(sql="SELECT 1", format="csv", header=True), CopyOut[bytes])
    # A query gives tuples, a whole COPY statement bytes: that depends on the text. And here on the format:
    assert_type(conn.copy_out(sql="SELECT 1"), CopyOut[Any])
    assert_type(conn.copy_out("t", format=format), CopyOut[Any])


async def what_asynchronous_copies_give(conn: AsyncConnection, engine: AsyncEngine) -> None:
    async for row in conn.copy_out("t"):
        assert_type(row, tuple[Any, ...])
    async for data in conn.copy_out("t", format="csv"):
        assert_type(data, bytes)
    async with conn.transaction() as tx, tx.copy_out("t", shape=Shape.rows()) as out:
        assert_type(await out.fetch(), list[Row])
    async for each in conn.stream("SELECT 1", shape=Shape.dicts()):
        assert_type(each, dict[str, Any])
    async for each in engine.stream("SELECT 1", shape=Shape.dicts()):
        assert_type(each, dict[str, Any])
