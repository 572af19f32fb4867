"""Streams whose end goes wrong."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow.errors import CommitUnknown, ForeignKeyViolation, InterfaceError, OperationalError, QueryTimeout
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


async def test_a_stream_that_was_read_to_its_end_has_no_more_behind_its_block(conn: Any) -> None:
    async with entered(conn.stream("SELECT 1 AS n")) as rows:
        assert [tuple(row) for row in await maybe(rows.fetch())] == [(1,)]
        assert await maybe(rows.fetch()) == []
        await maybe(rows.close())
        assert await maybe(rows.fetch()) == []
    assert await maybe(rows.fetch()) == []


async def test_a_stream_whose_commit_fails_is_closed(conn: Any) -> None:
    """Not at its end: whoever asks once more must not be told that all was well."""
    await maybe(
        conn.script(
            "CREATE TABLE parent (id integer PRIMARY KEY); "
            "CREATE TABLE child (parent integer REFERENCES parent DEFERRABLE INITIALLY DEFERRED)"
        )
    )
    rows = conn.stream("INSERT INTO child VALUES (1) RETURNING parent")
    assert [tuple(row) for row in await maybe(rows.fetch())] == [(1,)]
    with pytest.raises(ForeignKeyViolation):
        await maybe(rows.fetch())
    with pytest.raises(InterfaceError, match="the stream is closed"):
        await maybe(rows.fetch())
    assert (await maybe(conn.query_one("SELECT count(*) FROM child")))[0] == 0


async def test_the_commit_of_a_stream_has_its_deadline(pg: Any) -> None:
    await maybe(
        pg.script(
            "CREATE TABLE numbers (n integer); "
            "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(60); RETURN NULL; END'; "
            "CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON numbers INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION slow()"
        )
    )
    with pytest.raises(CommitUnknown, match="the deadline passed") as raised:
        async with entered(pg.stream("INSERT INTO numbers VALUES (1) RETURNING n", timeout=0.2)) as rows:
            assert [tuple(row) for row in await maybe(rows.fetch())] == [(1,)]
    assert isinstance(raised.value.__cause__, QueryTimeout)


async def test_a_statement_that_the_server_has_forgotten_unnoticed_is_prepared_anew(pg: Any) -> None:
    for _ in range(2):
        async with entered(pg.stream("SELECT 1 AS n")) as rows:
            assert [tuple(row) for row in await maybe(rows.fetch())] == [(1,)]
        await maybe(pg.script("DO $$ BEGIN EXECUTE 'DEALLOCATE ALL'; END $$"))
