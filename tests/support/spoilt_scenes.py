"""What a client asks while a bit of the answers is wrong. Each question has a letter of its own, which its rows are full of."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from ferrow._core import Shape
from ferrow.errors import Error
from tests.support import entered, items, maybe

ROWS = 3
SETUP = """
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TYPE item AS (price money, note text, of mood);
CREATE TABLE kept (n integer, note text)
"""


def word(letter: str) -> str:
    return letter * 12


def select(letter: str) -> str:
    return f"SELECT n, '{word(letter)}' AS {letter} FROM generate_series(1, {ROWS}) n"


def rows(letter: str) -> list[tuple[int, str]]:
    return [(n, word(letter)) for n in range(1, ROWS + 1)]


@dataclass
class Asked:
    """What was asked, and what came: by letter, since what is told wrongly of a statement is wrong each time it is run."""

    right: set[str] = field(default_factory=set)
    wrong: dict[str, Any] = field(default_factory=dict)
    errors: list[Error] = field(default_factory=list)

    async def __call__(
        self, letter: str, ask: Callable[..., Any], *arguments: Any, expected: Any = None, **options: Any
    ) -> None:
        try:
            got = await maybe(ask(*arguments, **options))
        except Error as error:
            self.errors.append(error)
            return
        got = [*map(tuple, got)] if isinstance(got, list) and got and not isinstance(got[0], bytes) else got
        if got == (rows(letter) if expected is None else expected):
            self.right.add(letter)
        else:
            self.wrong[letter] = got


Scene = Callable[[Any, Asked], Awaitable[None]]


async def login(conn: Any, asked: Asked) -> None:
    """What was said before the first question is what is spoilt."""
    sql = f"SELECT n, '{word('a')}', make_timestamptz(2026, 1, n, 12, 0, 0, 'UTC') FROM generate_series(1, {ROWS}) n"
    noon = [datetime(2026, 1, n, 12, tzinfo=UTC) for n in range(1, ROWS + 1)]
    expected = [(*row, at) for row, at in zip(rows("a"), noon, strict=True)]
    await asked("a", conn.query, sql, expected=expected)
    await asked("b", conn.query, select("b"))


async def query(conn: Any, asked: Asked) -> None:
    for _ in range(2):  # the second time it is prepared already
        await asked("a", conn.query, select("a"))
    await asked("b", conn.query, select("b"))


async def parameters(conn: Any, asked: Asked) -> None:
    for letter in "aab":
        await asked(
            letter, conn.query, f"SELECT $1::int, $2::text AS {letter}", [7, word(letter)], expected=[(7, word(letter))]
        )


async def types(conn: Any, asked: Asked) -> None:
    sql = f"SELECT 'sad'::mood, ROW('1', '{word('a')}', 'ok')::item, ARRAY['ok']::mood[]"
    await asked("a", conn.query, sql, expected=[("sad", ("$1.00", word("a"), "ok"), ["ok"])])
    await asked("b", conn.query, select("b"))


async def stream(conn: Any, asked: Asked) -> None:
    await asked("a", _streamed, conn, select("a"))
    await asked("b", conn.query, select("b"))


async def cursor(conn: Any, asked: Asked) -> None:
    async def fetched(letter: str) -> Any:
        async with entered(conn.cursor()) as one:
            await maybe(one.execute(select(letter)))
            return [await maybe(one.fetchone()), *await maybe(one.fetchmany(2))]

    for letter in "ab":
        await asked(letter, fetched, letter)


async def run_many(conn: Any, asked: Asked) -> None:
    async def returned() -> Any:
        sql = "INSERT INTO kept VALUES ($1, $2) RETURNING n, note"
        return (await maybe(conn.run_many(sql, rows("a"), Shape.tuples()))).rows

    await asked("a", returned)
    await asked("b", conn.query, select("b"))


async def script(conn: Any, asked: Asked) -> None:
    """What a server may say at any time: parameters, notices, notifications."""

    async def ran() -> Any:
        await maybe(
            conn.script("SET TimeZone = 'Europe/Berlin'; SET DateStyle = 'SQL, DMY'; LISTEN l; NOTIFY l, 'told'")
        )
        await maybe(conn.script(f"DO $$ BEGIN RAISE NOTICE '{word('s')}'; END $$; RESET DateStyle"))
        return "ran"

    await asked("s", ran, expected="ran")
    await asked("a", conn.query, "SELECT set_config('TimeZone', 'UTC', false) AS a", expected=[("UTC",)])
    await asked("b", conn.query, select("b"))


async def refused(conn: Any, asked: Asked) -> None:
    await asked("a", conn.query, "SELECT 1 / (n - 3) FROM generate_series(1, 5) n")
    await asked("b", conn.query, "SELECT no_such_column")
    await asked("c", conn.query, select("c"))


async def transaction(conn: Any, asked: Asked) -> None:
    async def inside() -> Any:
        async with entered(conn.transaction()) as tx:
            await asked("a", tx.query, select("a"))
            await asked("b", tx.query, select("b"))
        return "done"

    await asked("t", inside, expected="done")


async def copy_out(conn: Any, asked: Asked) -> None:
    await asked("a", _copied, conn, select("a"))
    sql = f"SELECT n, b, '1'::money FROM ({select('b')}) q"
    await asked("b", _copied, conn, sql, expected=[(*row, "$1.00") for row in rows("b")])
    await asked("c", conn.query, select("c"))


async def copy_out_data(conn: Any, asked: Asked) -> None:
    for letter, form, between in (("a", "text", "\t"), ("b", "csv", ",")):
        data = [f"{n}{between}{text}\n".encode() for n, text in rows(letter)]
        await asked(letter, _joined, conn, select(letter), form, expected=b"".join(data))
    await asked("c", conn.query, select("c"))


async def _streamed(conn: Any, sql: str) -> Any:
    return await items(conn.stream(sql, chunk=2))


async def _copied(conn: Any, sql: str) -> Any:
    return await items(conn.copy_out(sql=sql))


async def _joined(conn: Any, sql: str, form: str) -> bytes:
    return b"".join(await items(conn.copy_out(sql=sql, format=form)))


async def copy_in(conn: Any, asked: Asked) -> None:
    await asked("a", conn.copy_in, "kept", rows("a"), expected=ROWS)
    await asked("b", conn.query, select("b"))


async def pipeline(conn: Any, asked: Asked) -> None:
    async with entered(conn.pipeline()) as pipe:
        pending = [(letter, pipe.query(select(letter))) for letter in "abcd"]
    for letter, one in pending:
        await asked(letter, one.result)


async def together(conn: Any, asked: Asked) -> None:
    await asyncio.gather(*(asked(letter, conn.query, select(letter)) for letter in "abcd"))


BOTH: dict[str, Scene] = {
    scene.__name__: scene
    for scene in (
        login,
        query,
        parameters,
        types,
        stream,
        cursor,
        run_many,
        script,
        refused,
        transaction,
        copy_out,
        copy_out_data,
        copy_in,
        pipeline,
    )
}
ASYNC: dict[str, Scene] = {**BOTH, "together": together}
