"""EXECUTE and FETCH, when there is another statement or cursor behind the name than the last time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from ferrow import driver
from tests.support import entered, maybe
from tests.support.colours import Runner

pytestmark = pytest.mark.postgresql

# Out of the driver's sight; the last two are as wide as what was there before.
OTHERS = [
    ("1, 2", (1, 2)),
    ("'x'::text", ("x",)),
    ("2.5::numeric", (Decimal("2.5"),)),
    ("'2000-01-03'::date", (date(2000, 1, 3),)),
    ("1.5::real", (1.5,)),
]


@pytest.fixture
def conn(postgresql_url: str, colour: str, runner: Runner) -> Iterator[Any]:
    async def opened() -> Any:
        connect = driver.connect_async if colour == "async" else driver.connect
        return await maybe(connect(postgresql_url))

    conn = runner.run(opened())
    yield conn
    runner.run(maybe(conn.close()))


async def _streamed(conn: Any, sql: str, colour: str) -> list[Any]:
    async with entered(conn.transaction()), entered(conn.stream(sql)) as rows:
        return [row async for row in rows] if colour == "async" else list(rows)


async def _piped(conn: Any, sql: str, colour: str) -> list[Any]:
    async with entered(conn.pipeline()) as pipe:
        first, second = pipe.query(sql), pipe.query("SELECT 'behind'")
    assert await maybe(second.result()) == [("behind",)]
    return await maybe(first.result())  # type: ignore[no-any-return]


async def _plainly(conn: Any, sql: str, colour: str) -> list[Any]:
    return await maybe(conn.query(sql))  # type: ignore[no-any-return]


@pytest.mark.parametrize("asked", [_plainly, _streamed, _piped])
@pytest.mark.parametrize(("columns", "row"), OTHERS, ids=[columns for columns, _ in OTHERS])
async def test_a_statement_that_is_another_one_by_now(
    conn: Any, colour: str, columns: str, row: tuple[Any, ...], asked: Any
) -> None:
    await maybe(conn.script("PREPARE p AS SELECT 1 AS a"))
    for _ in range(2):
        assert await asked(conn, "/* mine */ execute p", colour) == [(1,)]
    redone = f"DEALLOCATE p; PREPARE p AS SELECT {columns}"
    await maybe(conn.script(f"DO $do$ BEGIN EXECUTE $$ {redone.replace('; ', '$$; EXECUTE $$')} $$; END $do$"))
    for _ in range(2):
        assert await asked(conn, "/* mine */ execute p", colour) == [row]


@pytest.mark.parametrize(("columns", "row"), OTHERS, ids=[columns for columns, _ in OTHERS])
async def test_a_cursor_of_the_same_name(conn: Any, columns: str, row: tuple[Any, ...]) -> None:
    for selected, wanted in (("1 AS a", (1,)), (columns, row), ("1 AS a", (1,))):
        async with entered(conn.transaction()):
            await maybe(conn.script(f"DECLARE one CURSOR FOR SELECT {selected}"))
            assert await maybe(conn.query("FETCH ALL FROM one")) == [wanted]


async def test_of_several_rows_none_is_lost(conn: Any) -> None:
    async with entered(conn.transaction()):
        for turn in range(3):
            await maybe(conn.script("DECLARE many CURSOR FOR SELECT n, 'x' FROM generate_series(1, 5) n"))
            found = [row[0] for _ in range(3) for row in await maybe(conn.query("FETCH 2 FROM many"))]
            assert found == [1, 2, 3, 4, 5], turn
            await maybe(conn.script("CLOSE many"))
