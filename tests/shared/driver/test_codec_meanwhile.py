"""A codec that is set while a result is being read, whose rows were asked for in another format."""

from __future__ import annotations

from typing import Any

from tests.support import entered, maybe
from tests.support.listening import payloads


async def test_rows_under_way_are_read_in_the_format_they_come_in(pg: Any) -> None:
    # The record's type is not known before the third row, and is looked up when the codec is there.
    sql = """SELECT 7::int4, CASE WHEN n > 2 THEN ROW(ROW('x', n)::pair) ELSE ROW('none') END FROM generate_series(1, 4) n"""
    await maybe(pg.script("CREATE TYPE pair AS (a text, b text)"))
    async with entered(pg.transaction()) as tx, entered(tx.stream(sql, chunk=2)) as rows:
        await maybe(rows.fetch())
        pg.set_codec("int4", decode=lambda text: f"codec {text}")
        assert [row[0] for row in await maybe(rows.fetch())] == [7, 7]
    assert (await maybe(pg.query_one("SELECT 7::int4")))[0] == "codec 7"


async def test_an_array_of_a_domain_over_an_array_is_written_as_it_is_read(pg: Any) -> None:
    await maybe(pg.script("CREATE DOMAIN trail AS int[]"))
    sql = "SELECT $1::trail[], ($1::trail[])::text"
    for value in ([[1, 2], [3]], [[1], [2]], [None, [1]], [[[1], [2]]], []):
        read, _ = await maybe(pg.query_one(sql, [value]))
        assert read == value
    assert (await maybe(pg.query_one(sql, [[[1, 2], [3]]])))[1] == '{"{1,2}","{3}"}'


async def test_a_notification_goes_out_whatever_the_search_path(pg: Any) -> None:
    await maybe(
        pg.script(
            "CREATE FUNCTION pg_notify(text, text) RETURNS void LANGUAGE sql AS 'SELECT 1/0'; SET search_path = public, pg_catalog"
        )
    )
    await maybe(pg.listen("news"))
    await maybe(pg.notify("news", "hello"))
    assert await payloads(pg) == ["hello"]


async def test_statements_that_it_has_forgotten_take_no_room(pg: Any) -> None:
    """A codec forgets all of them; together, the texts that are kept have 4 MB at most."""
    for number in range(60):
        await maybe(pg.query(f"SELECT {number} /* {'x' * 100_000} */"))
        pg.set_codec("int4", decode=int)
    for number in range(5):
        await maybe(pg.query(f"SELECT {number} /* {'x' * 100_000} */"))
    assert (await maybe(pg.info()))["cached_statements"] == 5
