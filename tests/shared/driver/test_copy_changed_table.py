"""A table that has got other columns since the connection copied it last: binary data do not say what they are."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow import driver
from tests.support import items, maybe


@pytest.mark.parametrize("who", ["this", "another"])
async def test_a_copy_follows_the_columns_as_they_are_now(pg: Any, postgresql_url: str, who: str) -> None:
    await maybe(pg.script("CREATE TABLE moving (x int8)"))
    assert await maybe(pg.copy_in("moving", [(1,)])) == 1
    assert await items(pg.copy_out("moving")) == [(1,)]
    alter = "ALTER TABLE moving ALTER x TYPE float8"
    if who == "this":
        await maybe(pg.script(alter))
    else:
        with driver.connect(postgresql_url) as other:
            other.script(alter)
    assert await items(pg.copy_out("moving")) == [(1.0,)]
    assert await maybe(pg.copy_in("moving", [(2.5,)])) == 1
    assert [row[0] for row in await maybe(pg.query("SELECT x FROM moving ORDER BY x"))] == [1.0, 2.5]
    assert (await maybe(pg.info()))["cached_statements"] > 0
