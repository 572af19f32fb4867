"""Records through PgBouncer, in each of its modes: the question about values that only a server can write may reach another one."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow import driver
from tests.support import entered, maybe
from tests.support.mixed_work import together
from tests.support.pooled_clients import SCARCE, bouncers, colour, connect, program

__all__ = ["bouncers", "colour", "program"]

pytestmark = pytest.mark.postgresql

MODES = {"transaction": 6, "session": 3, "statement": 6}
"""Clients at once: those of a session keep their server."""
TURNS = 20
SETUP = "CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE TYPE item AS (price money, of mood); CREATE SCHEMA s; CREATE TABLE s.t ()"
RECORD = "ROW($1::int::money, 's.t'::regclass, 'ok'::mood, ARRAY[ROW(n::money, 'sad')::item], NULL::regtype)"
SQL = f"SELECT n, {RECORD} FROM generate_series(1, 3) n"


def expected(number: int) -> list[tuple[int, Any]]:
    return [(n, (f"${number}.00", "s.t", "ok", [(f"${n}.00", "sad")], None)) for n in (1, 2, 3)]


@pytest.mark.parametrize("prepared", ["auto", "unnamed"])
@pytest.mark.parametrize("mode", MODES)
async def test_by_clients_at_once(colour: str, bouncers: Any, postgresql_url: str, mode: str, prepared: str) -> None:
    bouncer = bouncers(SCARCE, mode=mode)
    with driver.connect(postgresql_url) as direct:
        direct.script(SETUP)
    conns = [await connect(colour, bouncer.url, prepared_statements=prepared) for _ in range(MODES[mode])]

    async def work(number: int) -> None:
        conn = conns[number]
        for turn in range(TURNS):
            value = 100 * number + turn
            assert await maybe(conn.query(SQL, [value])) == expected(value)
            async with entered(conn.pipeline()) as pipe:
                pending = [pipe.query(SQL, [value + more]) for more in range(3)]
            for more, one in enumerate(pending):
                assert await maybe(one.result()) == expected(value + more)

    await together(colour, [lambda n=number: work(n) for number in range(len(conns))])  # type: ignore[misc]
    for conn in conns:
        await maybe(conn.close())


@pytest.mark.parametrize("prepared", ["auto", "unnamed"])
@pytest.mark.parametrize("mode", ["transaction", "session"])
async def test_in_transactions(colour: str, bouncers: Any, postgresql_url: str, mode: str, prepared: str) -> None:
    """There the question is answered by the server that has the transaction, its settings and its tables."""
    bouncer = bouncers(SCARCE, mode=mode)
    with driver.connect(postgresql_url) as direct:
        direct.script(SETUP)
    conns = [await connect(colour, bouncer.url, prepared_statements=prepared) for _ in range(MODES[mode])]
    found = "SELECT ROW('s.t'::regclass, to_regclass($1), 1::money)"

    async def work(number: int) -> None:
        for _ in range(TURNS):
            async with entered(conns[number].transaction()) as tx:
                await maybe(tx.script(f"SET LOCAL search_path = s; CREATE TEMP TABLE own_{number} () ON COMMIT DROP"))
                row = await maybe(tx.query_one(found, [f"own_{number}"]))
                assert row == (("t", f"own_{number}", "$1.00"),)
            assert await maybe(conns[number].query_one(found, ["own"])) == (("s.t", None, "$1.00"),)

    await together(colour, [lambda n=number: work(n) for number in range(len(conns))])  # type: ignore[misc]
    for conn in conns:
        await maybe(conn.close())
