"""What checkers know about the driver's cursors, in both colours."""

from typing import Any, assert_type

from ferrow.driver import AsyncConnection, AsyncCursor, Connection, Cursor, IntegrityError, connect, connect_async


def in_sync_code() -> None:
    with connect("sqlite::memory:", autocommit=True) as conn:
        assert_type(conn, Connection)
        assert_type(conn.autocommit, bool)
        conn.autocommit = False
        with conn.cursor(rows="dict") as cur:
            assert_type(cur, Cursor)
            assert_type(cur.execute("SELECT :a", {"a": 1}), Cursor)
            assert_type(cur.execute("SELECT :1", [1]).fetchall(), list[Any])
            assert_type(cur.rowcount, int)
            assert_type(cur.connection, Connection)
            for row in cur:
                assert_type(row, Any)
        assert_type(conn.IntegrityError, type[IntegrityError])
        assert_type(conn.sqlite.encoded("mood", "ok"), int | float | str | bytes | None)
        conn.commit()


async def in_async_code() -> None:
    async with await connect_async("sqlite::memory:") as conn:
        assert_type(conn, AsyncConnection)
        async with conn.cursor() as cur:
            assert_type(cur, AsyncCursor)
            assert_type(await cur.execute("SELECT 1"), AsyncCursor)
            assert_type(await cur.fetchall(), list[Any])
            async for row in cur:
                assert_type(row, Any)
        assert_type(await conn.sqlite.encoded("mood", "ok"), int | float | str | bytes | None)
        await conn.rollback()
