"""Statements of a pipeline that are prepared anew, because of what another session has changed."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow import driver
from ferrow.errors import DataError
from tests.support import entered, maybe

pytestmark = pytest.mark.postgresql

LOG = "INSERT INTO log (a) VALUES ($1)"
OF_LOG = "SELECT a FROM log WHERE a <> $1"
UUID = "00000000-0000-0000-0000-000000000000"


async def change(pg: Any, url: str) -> None:
    """Have statements known for a uuid, where it has become a text."""
    await maybe(pg.script("CREATE TABLE log (id serial, a uuid)"))
    await maybe(pg.execute(LOG, [UUID]))
    await maybe(pg.query(OF_LOG, [UUID]))
    await maybe(pg.query("SELECT 7"))
    await maybe(pg.execute("DELETE FROM log"))
    with driver.connect(url) as other:
        other.execute("ALTER TABLE log ALTER a TYPE text")


async def test_a_healed_statement_does_not_run_out_of_its_turn(pg: Any, postgresql_url: str) -> None:
    await change(pg, postgresql_url)
    pipe = pg.pipeline()
    with pytest.raises(DataError):
        async with entered(pipe):
            late = pipe.execute(LOG, ["first"])
            pipe.script("UPDATE log SET a = 'changed'; INSERT INTO log (a) VALUES ('second')")
    with pytest.raises(DataError):
        await maybe(late.result())
    assert await maybe(pg.query("SELECT a FROM log")) == [("second",)]
    assert await maybe(pg.execute(LOG, ["third"])) == 1


async def test_healed_statements_keep_their_order(pg: Any, postgresql_url: str) -> None:
    await change(pg, postgresql_url)
    async with entered(pg.pipeline()) as pipe:
        for number in range(20):
            pipe.execute(LOG, [f"{number:02}"])
    rows = await maybe(pg.query("SELECT a FROM log ORDER BY id"))
    assert [row[0] for row in rows] == [f"{number:02}" for number in range(20)]


async def test_a_query_is_healed_among_queries(pg: Any, postgresql_url: str) -> None:
    await change(pg, postgresql_url)
    await maybe(pg.script("INSERT INTO log (a) VALUES ('a')"))
    async with entered(pg.pipeline()) as pipe:
        found = pipe.query(OF_LOG, ["b"])
        pipe.query("SELECT 7")
    assert await maybe(found.result()) == [("a",)]
