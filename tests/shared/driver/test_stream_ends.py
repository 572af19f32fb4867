"""Streams whose end goes wrong."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow.errors import OperationalError
from tests.support import entered, maybe


class Broken:
    """A cursor that cannot be closed."""

    def __init__(self, cursor: Any) -> None:
        self.cursor = cursor

    async def close(self) -> None:
        await self.cursor.close()
        raise OperationalError("it stays open")


async def test_nothing_is_committed_where_somebody_is_told_of_a_failure(conn: Any) -> None:
    await maybe(conn.execute("CREATE TABLE numbers (n integer)"))
    with pytest.raises(OperationalError, match="it stays open"):
        async with entered(conn.stream("INSERT INTO numbers VALUES (1), (2) RETURNING n", chunk=1)) as rows:
            await maybe(rows.fetch())
            core = getattr(rows, "_core", rows)
            core._cursor = Broken(core._cursor)
    assert (await maybe(conn.query_one("SELECT count(*) FROM numbers")))[0] == 0
