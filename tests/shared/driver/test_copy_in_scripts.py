"""A COPY from or to the client among the statements of a script."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow.errors import NotSupportedError
from tests.support import entered, maybe

pytestmark = pytest.mark.postgresql

INSERT = "INSERT INTO names VALUES ('Bob')"


@pytest.mark.parametrize("copy", ["COPY names FROM STDIN", "/* ; */ copy (SELECT ';') to stdout (format csv)"])
@pytest.mark.parametrize("around", ["{copy}", "{insert}; {copy}; {insert}", "SELECT ';', $$;$$, E'\\';'; -- ;\n{copy}"])
async def test_it_is_refused_before_anything_is_sent(pg: Any, copy: str, around: str) -> None:
    await maybe(pg.script("CREATE TABLE names (name text)"))
    sql = around.format(copy=copy, insert=INSERT)
    async with entered(pg.transaction()) as tx:
        await maybe(tx.execute(INSERT))
        for call in (pg.script, tx.script):
            with pytest.raises(NotSupportedError, match=r"call copy_in\(sql=\.\.\., source=\.\.\.\)"):
                await maybe(call(sql))
        assert pg.status == "transaction"
        assert await maybe(tx.copy_in(sql="COPY names FROM STDIN", source="Ada\n")) == 1
    assert (await maybe(pg.query_one("SELECT count(*) FROM names")))[0] == 2


async def test_what_only_looks_like_one_is_run(pg: Any) -> None:
    await maybe(
        pg.script(
            "CREATE TABLE names (name text);"
            "CREATE FUNCTION two() RETURNS int BEGIN ATOMIC SELECT 1; SELECT CASE WHEN true THEN 2 END; END;"
            "INSERT INTO names VALUES ('; COPY names FROM STDIN'), ($a$; COPY names TO STDOUT$a$);"
            "/* ; COPY names FROM STDIN */ SELECT 1; -- COPY names FROM STDIN\n"
            "DO $$ BEGIN PERFORM 'COPY names FROM STDIN'; END $$"
        )
    )
    assert (await maybe(pg.query_one("SELECT count(*), two() FROM names"))) == (2, 2)


async def test_one_that_only_the_server_sees_is_told_in_the_same_way(pg: Any) -> None:
    """What is taken for the body of a function has statements of its own."""
    await maybe(pg.script("CREATE TABLE names (name text)"))
    hidden = f"{INSERT}; SELECT t.begin atomic FROM (SELECT 1 AS begin) t; COPY names FROM STDIN"
    with pytest.raises(NotSupportedError, match="call copy_in or copy_out") as raised:
        await maybe(pg.script(hidden))
    assert raised.value.sqlstate == "0A000"
    assert pg.status == "idle"
    assert (await maybe(pg.query_one("SELECT count(*) FROM names")))[0] == 0
    assert await maybe(pg.copy_in("names", [("Ada",)])) == 1
