"""What the client does while the server goes wrong. Each scene gives the values that came, all of which must be its tag."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from tests.support import entered, items, maybe

Scene = Callable[[Any, int], Awaitable[list[Any]]]


async def login(conn: Any, tag: int) -> list[Any]:
    return []


async def query(conn: Any, tag: int) -> list[Any]:
    return [row[0] for row in await maybe(conn.query("SELECT $1", [tag]))]


async def again(conn: Any, tag: int) -> list[Any]:
    """The second time it is prepared already."""
    return await query(conn, tag) + await query(conn, tag)


async def rows(conn: Any, tag: int) -> list[Any]:
    return [row[0] for row in await maybe(conn.query("SELECT rows $1", [tag]))]


async def prepare(conn: Any, tag: int) -> list[Any]:
    await maybe(conn.prepare("SELECT $1"))
    await maybe(conn.clear_cache())
    return await query(conn, tag)


async def script(conn: Any, tag: int) -> list[Any]:
    await maybe(conn.script("INSERT 1; INSERT 2; "))
    return await query(conn, tag)


async def batch(conn: Any, tag: int) -> list[Any]:
    await maybe(conn.execute_batch(["INSERT 1", "INSERT 2"]))
    return await query(conn, tag)


async def many(conn: Any, tag: int) -> list[Any]:
    from ferrow.driver import Shape

    result = await maybe(conn.run_many("SELECT $1", [[tag]] * 3, Shape.tuples()))
    return [row[0] for row in result.rows]


async def transaction(conn: Any, tag: int) -> list[Any]:
    async with entered(conn.transaction()):
        return await query(conn, tag)


async def stream(conn: Any, tag: int) -> list[Any]:
    async with entered(conn.transaction()):
        return [row[0] for row in await items(conn.stream("SELECT rows $1", [tag], chunk=2))]


async def copy_in(conn: Any, tag: int) -> list[Any]:
    await maybe(conn.copy_in(sql="COPY t FROM STDIN", source="7\n8\n"))
    return await query(conn, tag)


async def copy_out(conn: Any, tag: int) -> list[Any]:
    await items(conn.copy_out(sql="COPY t TO STDOUT"))
    return await query(conn, tag)


async def pipeline(conn: Any, tag: int) -> list[Any]:
    found = await asyncio.gather(*(rows(conn, tag) for _ in range(3)), query(conn, tag), return_exceptions=True)
    for one in found:
        if isinstance(one, BaseException):
            raise one
    return [value for one in found if isinstance(one, list) for value in one]


async def queued(conn: Any, tag: int) -> list[Any]:
    """Statements that nobody waits for one by one; those of one text share a Sync."""
    async with entered(conn.pipeline()) as pipe:
        pending = [pipe.query(sql, [tag]) for sql in ("SELECT $1", "SELECT $1", "SELECT rows $1", "SELECT $1")]
    return [row[0] for one in pending for row in await maybe(one.result())]


async def queued_transaction(conn: Any, tag: int) -> list[Any]:
    async with entered(conn.pipeline()) as pipe, entered(pipe.transaction()):
        pending = [pipe.query("SELECT rows $1", [tag]) for _ in range(2)]
    return [row[0] for one in pending for row in await maybe(one.result())]


async def cancelled(conn: Any, tag: int) -> list[Any]:
    task = asyncio.ensure_future(maybe(conn.query("SELECT sleep $1", [tag])))
    await asyncio.sleep(0.03)
    task.cancel()
    await asyncio.wait([task])
    if not task.cancelled():
        task.result()
    return await query(conn, tag)


BOTH: dict[str, Scene] = {
    scene.__name__: scene
    for scene in (
        login,
        query,
        again,
        rows,
        prepare,
        script,
        batch,
        many,
        transaction,
        stream,
        copy_in,
        copy_out,
        queued,
        queued_transaction,
    )
}
ASYNC: dict[str, Scene] = {**BOTH, "pipeline": pipeline, "cancelled": cancelled}
