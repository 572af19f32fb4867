"""Ways of values besides those of a single statement: streams, many rows at once, cursors, pipelines, COPY's formats for text."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any

from ferrow.driver import Shape
from ferrow.types import Array
from tests.support.colours import entered, items, maybe
from tests.support.values import Kind

Found = tuple[str, Any, Any]
"""A way, what came back, and what it was."""

MANY = 60
"""Rows that go as arrays, where their types do."""


async def by_other_ways(conn: Any, kind: Kind, values: Sequence[Any]) -> AsyncIterator[Found]:
    """For a table `t (n integer, v ...)`, and `a` of the type's arrays if there are any."""
    rows = [(n, value) for n, value in enumerate([*values, None])]
    async for found in _read(conn, kind, list(values)):
        yield found
    async for found in _written(conn, rows):
        yield found
    async for found in _by_cursor(conn, kind, rows):
        yield found
    for style in ("text", "csv"):
        data = b"".join(await items(conn.copy_out("t", columns=["n", "v"], format=style)))
        await maybe(conn.execute("DELETE FROM t"))
        await maybe(conn.copy_in("t", data, columns=["n", "v"], format=style))
        yield f"copied as {style}", await _all(conn, "v"), rows
    if not kind.is_array:
        async for found in _as_arrays(conn, kind, list(values)):
            yield found
    await maybe(conn.execute("DELETE FROM t"))


async def _all(conn: Any, column: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await maybe(conn.query(f"SELECT n, {column} FROM t ORDER BY n"))]


async def _read(conn: Any, kind: Kind, values: list[Any]) -> AsyncIterator[Found]:
    columns = ", ".join(f"${n}::{kind.sql} AS c{n}" for n in range(1, len(values) + 1))
    stream = conn.stream(f"SELECT {columns} FROM generate_series(1, 3)", values, chunk=2)
    yield "stream", [list(row) for row in await items(stream)], [values] * 3
    many = await maybe(conn.run(f"SELECT {columns} FROM generate_series(1, 40)", values, Shape.tuples()))
    yield "many rows", [list(row) for row in many.rows], [values] * 40
    async with entered(conn.pipeline()) as pipe:
        pending = [pipe.query(f"SELECT $1::{kind.sql}", [value]) for value in values]
        yield "pipeline", [(await maybe(one.result()))[0][0] for one in pending], values


async def _written(conn: Any, rows: list[tuple[int, Any]]) -> AsyncIterator[Found]:
    many = [(n, rows[n % len(rows)][1]) for n in range(MANY)]
    for given in (rows, many):
        await maybe(conn.execute("DELETE FROM t"))
        insert = "INSERT INTO t (n, v) VALUES ($1, $2) RETURNING n, v"
        returned = await maybe(conn.run_many(insert, given, Shape.tuples()))
        yield f"run_many of {len(given)}, returned", returned.rows, given
        yield f"run_many of {len(given)}", await _all(conn, "v"), given
    await maybe(conn.execute("DELETE FROM t"))
    await maybe(conn.copy_in("t", [{"n": n, "v": value} for n, value in rows]))
    copied = await items(conn.copy_out(sql="SELECT n, v FROM t ORDER BY n"))
    yield "copied as dicts", copied, rows


async def _by_cursor(conn: Any, kind: Kind, rows: list[tuple[int, Any]]) -> AsyncIterator[Found]:
    await maybe(conn.execute("DELETE FROM t"))
    cursor = conn.cursor()
    for placeholder, given in (("%s", rows[0][1:]), ("%(v)s", {"v": rows[0][1]}), ("$1", rows[0][1:])):
        await maybe(cursor.execute(f"SELECT CAST({placeholder} AS {kind.sql})", given))
        yield f"cursor with {placeholder}", [tuple(row) for row in await maybe(cursor.fetchall())], [rows[0][1:]]
    await maybe(cursor.executemany("INSERT INTO t (n, v) VALUES (%s, %s)", rows))
    await maybe(cursor.execute("SELECT n, v FROM t ORDER BY n"))
    found = [await maybe(cursor.fetchone()), *await maybe(cursor.fetchmany(1)), *await maybe(cursor.fetchall())]
    yield "executemany", [tuple(row) for row in found], rows
    await maybe(conn.commit())
    await maybe(cursor.close())


async def _as_arrays(conn: Any, kind: Kind, values: list[Any]) -> AsyncIterator[Found]:
    await maybe(conn.execute("DELETE FROM t"))
    deep, moved = Array([[value] for value in values], (1, 1)), Array(values, (-3,))
    given = [(0, Array([*values, None], (1,))), (1, deep), (2, None), (3, []), (4, moved)]
    expected = [(0, [*values, None]), (1, kind.arrives(deep)), (2, None), (3, []), (4, moved)]
    await maybe(conn.run_many("INSERT INTO t (n, a) VALUES ($1, $2)", given))
    yield "arrays", await _all(conn, "a"), expected
    for style in ("text", "csv"):
        data = b"".join(await items(conn.copy_out("t", columns=["n", "a"], format=style)))
        await maybe(conn.execute("DELETE FROM t"))
        await maybe(conn.copy_in("t", data, columns=["n", "a"], format=style))
        yield f"arrays copied as {style}", await _all(conn, "a"), expected
