"""The blocks of PostPyro's document once more, with `await`: the async twin does, returns and prints the same."""

from __future__ import annotations

import ast
import asyncio
import re
from typing import Any

import pytest

from ferrow import driver
from tests.docs.awaited import awaited
from tests.docs.postpyro import BLOCKS, Stage, stage
from tests.docs.test_postpyro import APART, PRINTS, RUN, closed, connected, models, pooled, recovered, web

__all__ = ["stage"]

CONSTRUCTORS = {443: "DatabaseManager", 505: "Model", 589: "ConnectionPool"}
"""Classes whose constructor connects, by line: one cannot await in it, so there is nothing to translate."""
PLAIN = {52, 78, 244, 252, 261, 269, 278, 286, 295}
"""Blocks about constants and rows, in which nothing waits."""
OF_THE_CONNECTION = {closed, connected, web, models, pooled, recovered}
"""Checks that ask the connection itself, which is another one here; `LEFT` has them in this colour."""


async def answers(conn: Any, names: dict[str, Any]) -> None:
    assert names["conn"] is not conn
    assert await names["conn"].ping()


async def is_over(conn: Any, names: dict[str, Any]) -> None:
    assert conn.is_closed()
    with pytest.raises(driver.InterfaceError, match="Connection is closed"):
        await conn.query("SELECT 1")


async def users_found(conn: Any, names: dict[str, Any]) -> None:
    assert [user["name"] for user in names["users"]] == ["Ada", "Bob", "Cem"]


async def endpoints_answer(conn: Any, names: dict[str, Any]) -> None:
    assert await names["get_user"](1) == {"id": 1, "name": "Ada", "email": "ada@example.com"}
    assert await names["create_user"]("Dora", "dora@example.com") == {"id": 1, "message": "User created"}
    with pytest.raises(names["HTTPException"]) as caught:
        await names["create_user"]("Dora", "dora@example.com")
    assert caught.value.status_code == 400


async def everybody_inserted(conn: Any, names: dict[str, Any]) -> None:
    await conn.script("ALTER TABLE users DROP CONSTRAINT users_email_key")
    data = [{"name": f"n{number}", "email": f"n{number}@example.com", "age": number} for number in range(50)]
    await names["bulk_insert_users"](conn, data)
    assert await conn.query_one("SELECT count(*) FROM users WHERE name LIKE 'n%'") == (100,)


LEFT = {65: answers, 90: answers, 205: is_over, 471: endpoints_answer, 638: everybody_inserted, 663: users_found}


@pytest.mark.filterwarnings("ignore:unclosed connection:ResourceWarning")
@pytest.mark.postgresql
@pytest.mark.parametrize("line", [line for line in RUN if line not in CONSTRUCTORS])
def test_block(stage: Stage, postgresql_url: str, line: int) -> None:
    async def play() -> None:
        async with await driver.connect_async(postgresql_url) as conn:
            names, printed = await stage.play_awaited(BLOCKS[line].text, conn=conn)
            assert re.fullmatch(PRINTS.get(line, ""), printed, re.DOTALL), printed
            if line in LEFT:
                await LEFT[line](conn, names)
            else:
                RUN[line](stage, names)

    asyncio.run(play())


def test_every_block_that_waits_is_translated() -> None:
    for line in RUN.keys() - CONSTRUCTORS:
        tree = awaited(BLOCKS[line].text)
        waits = any(isinstance(part, ast.Await | ast.AsyncWith) for part in ast.walk(tree))
        assert waits is (line not in PLAIN), line
    assert {line for line in RUN if RUN[line] in OF_THE_CONNECTION} <= LEFT.keys() | CONSTRUCTORS.keys()
    assert not APART & LEFT.keys()
