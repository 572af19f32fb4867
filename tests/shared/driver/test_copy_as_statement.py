"""COPY FROM STDIN or TO STDOUT by query() or execute(), which have no data to send and nowhere to put any."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ferrow.errors import NotSupportedError, OperationalError, ProgrammingError
from tests.support import entered, items, maybe

pytestmark = pytest.mark.postgresql

CALLS: dict[str, Callable[[Any, str], Any]] = {
    "execute": lambda conn, sql: conn.execute(sql),
    "query": lambda conn, sql: conn.query(sql, []),
    "run_many": lambda conn, sql: conn.run_many(sql, [[], []], None),
    "prepare": lambda conn, sql: conn.prepare(sql),
    "script": lambda conn, sql: conn.script(sql),
    "stream": lambda conn, sql: items(conn.stream(sql)),
    "cursor": lambda conn, sql: conn.cursor().execute(sql),
}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("sql", ["COPY (SELECT 1) TO STDOUT", "COPY names FROM STDIN (FORMAT csv)"])
async def test_it_is_refused_before_anything_is_sent(pg: Any, call: str, sql: str) -> None:
    """As a ProgrammingError: an OperationalError would be retried."""
    await maybe(
        pg.cursor().execute("CREATE TABLE names (name text)")
    )  # in a transaction, which the server would break off
    for _ in range(2):  # it was not cached either
        with pytest.raises(
            NotSupportedError, match=r"call copy_in\(sql=\.\.\., source=\.\.\.\) or copy_out\(sql=\.\.\.\)"
        ):
            await maybe(CALLS[call](pg, sql))
        assert pg.status == "transaction"
    await maybe(pg.commit())
    assert (await maybe(pg.query_one("SELECT count(*) FROM names")))[0] == 0


async def test_in_a_transaction_it_harms_nothing(pg: Any) -> None:
    async with entered(pg.transaction()) as tx:
        await maybe(tx.script("CREATE TABLE names (name text)"))
        with pytest.raises(NotSupportedError, match="no plain statement"):
            await maybe(tx.execute("COPY names FROM STDIN"))
        assert await maybe(tx.copy_in(sql="COPY names FROM STDIN", source="Ada\n")) == 1
    assert (await maybe(pg.query_one("SELECT name FROM names")))[0] == "Ada"


async def test_what_only_mentions_the_client_is_the_servers(pg: Any) -> None:
    with pytest.raises(OperationalError, match="could not open file"):
        await maybe(pg.execute("COPY pg_class FROM '/nowhere/stdin'"))
    with pytest.raises(ProgrammingError, match='"nothing" does not exist'):
        await maybe(pg.execute("COPY nothing FROM PROGRAM 'cat /dev/stdin'"))
