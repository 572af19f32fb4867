"""What checkers know about the driver's cursors and results, in both colours."""

from typing import Any, Literal, assert_type

from ferrow.crud.sync import ConnectionManager
from ferrow.driver import (
    AsyncConnection,
    AsyncCopyOut,
    AsyncCursor,
    AsyncPending,
    AsyncStream,
    Connection,
    CopyOut,
    Cursor,
    IntegrityError,
    Pending,
    Result,
    Row,
    Shape,
    Stream,
    connect,
    connect_async,
)


def in_sync_code() -> None:
    with connect("sqlite::memory:", autocommit=True) as conn:
        assert_type(conn, Connection)
        assert_type(conn.autocommit, bool)
        conn.autocommit = False
        with conn.cursor() as cur:
            assert_type(cur, Cursor[tuple[Any, ...]])
            assert_type(cur.execute("SELECT :a", {"a": 1}), Cursor[tuple[Any, ...]])
            assert_type(cur.execute("SELECT :1", [1]).fetchall(), list[tuple[Any, ...]])
            assert_type(cur.fetchmany(10), list[tuple[Any, ...]])
            assert_type(cur.rowcount, int)
            assert_type(cur.connection, Connection)
            for row in cur:
                assert_type(row, tuple[Any, ...])
        assert_type(conn.IntegrityError, type[IntegrityError])
        assert_type(conn.sqlite.encoded("mood", "ok"), int | float | str | bytes | None)
        conn.commit()


def what_rows_are(conn: Connection, way: Literal["tuple", "row", "dict"]) -> None:
    assert_type(conn.cursor(rows="tuple").fetchall(), list[tuple[Any, ...]])
    assert_type(conn.cursor(rows="row").fetchall(), list[Row])
    assert_type(conn.cursor(rows="dict").execute("SELECT 1").fetchall(), list[dict[str, Any]])
    assert_type(list(conn.cursor(rows="dict")), list[dict[str, Any]])
    some: Cursor = conn.cursor(rows=way)
    some = conn.cursor(rows="dict")  # who does not say takes any
    some.fetchall()[0]["id"]
    row = conn.cursor(rows="dict").fetchone()
    assert_type(row, dict[str, Any] | None)
    if row is not None:
        row["id"]
    conn.query_one("SELECT count(*) FROM users")[0]  # where there is one


def results(conn: Connection) -> None:
    assert_type(conn.query("SELECT 1"), list[Row])
    assert_type(conn.query_one("SELECT 1"), Row)
    assert_type(conn.execute("DELETE FROM users"), int)
    assert_type(conn.run("SELECT 1"), Result[Row])
    assert_type(conn.run("SELECT 1", [], Shape.tuples()).rows, list[tuple[Any, ...]])
    assert_type(conn.run_many("INSERT INTO users VALUES ($1)", [[1]], shape=Shape.dicts()).rows, list[dict[str, Any]])
    assert_type(conn.stream("SELECT 1"), Stream[Row])
    assert_type(conn.stream("SELECT 1", shape=Shape.dicts()), Stream[dict[str, Any]])
    assert_type(list(conn.stream("SELECT 1", shape=Shape.dicts())), list[dict[str, Any]])
    assert_type(conn.copy_out("users"), CopyOut[tuple[Any, ...]])
    assert_type(conn.copy_out("users", shape=Shape.dicts()), CopyOut[dict[str, Any]])
    with conn.pipeline() as pipe:
        assert_type(pipe.query("SELECT 1"), Pending[list[Row]])
        assert_type(pipe.execute("DELETE FROM users").result(), int)
    with conn.transaction() as tx:
        assert_type(tx.query("SELECT 1"), list[Row])
        assert_type(tx.run("SELECT 1").rows, list[Row])
        assert_type(tx.run("SELECT 1", shape=Shape.dicts()).rows, list[dict[str, Any]])
        assert_type(tx.stream("SELECT 1", shape=Shape.tuples()), Stream[tuple[Any, ...]])


def of_a_pool() -> None:
    with ConnectionManager.get_pool().connection() as conn:
        assert_type(conn.cursor().fetchall(), list[tuple[Any, ...]])
        assert_type(conn.cursor(rows="dict").fetchall(), list[dict[str, Any]])
        assert_type(conn.execute("SELECT 1").fetchall(), list[tuple[Any, ...]])


async def in_async_code() -> None:
    async with await connect_async("sqlite::memory:") as conn:
        assert_type(conn, AsyncConnection)
        async with conn.cursor() as cur:
            assert_type(cur, AsyncCursor[tuple[Any, ...]])
            assert_type(await cur.execute("SELECT 1"), AsyncCursor[tuple[Any, ...]])
            assert_type(await cur.fetchall(), list[tuple[Any, ...]])
            assert_type(await cur.fetchmany(), list[tuple[Any, ...]])
            assert_type(await cur.fetchone(), tuple[Any, ...] | None)
            async for row in cur:
                assert_type(row, tuple[Any, ...])
        async for named in conn.cursor(rows="dict"):
            assert_type(named, dict[str, Any])
        assert_type(await conn.cursor(rows="row").fetchall(), list[Row])
        assert_type(await conn.sqlite.encoded("mood", "ok"), int | float | str | bytes | None)
        await conn.rollback()


async def async_results(conn: AsyncConnection) -> None:
    assert_type(await conn.query("SELECT 1"), list[Row])
    assert_type(await conn.query_one("SELECT 1"), Row)
    assert_type((await conn.run("SELECT 1")).rows, list[Row])
    assert_type((await conn.run("SELECT 1", shape=Shape.dicts())).rows, list[dict[str, Any]])
    assert_type(conn.stream("SELECT 1"), AsyncStream[Row])
    async for row in conn.stream("SELECT 1", shape=Shape.dicts()):
        assert_type(row, dict[str, Any])
    assert_type(conn.copy_out("users"), AsyncCopyOut[tuple[Any, ...]])
    async with conn.pipeline() as pipe:
        assert_type(pipe.query("SELECT 1"), AsyncPending[list[Row]])
        assert_type(await pipe.query_one("SELECT 1"), Row)
