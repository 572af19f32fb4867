"""The end of a transaction over a connection to MariaDB that is Ferrow's own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support import ends, maybe
from tests.support.colours import Runner

pytestmark = pytest.mark.mariadb


@pytest.fixture(params=["sync", "async"])
def colour(request: pytest.FixtureRequest) -> str:
    value: str = request.param
    return value


@pytest.fixture
def engine(mariadb_url: str, colour: str, runner: Runner) -> Iterator[Any]:
    from ferrow import driver
    from ferrow.repository import AsyncDatabase, Database

    conn = runner.run(driver.connect_async(mariadb_url)) if colour == "async" else driver.connect(mariadb_url)
    db = AsyncDatabase(conn) if colour == "async" else Database(conn)
    yield db.engine
    runner.run(maybe(db.engine.close()))
    runner.run(maybe(conn.close()))


async def test_they_are_refused_and_nothing_is_lost(engine: Any) -> None:
    await ends.refused(engine, "mariadb", "execute")


@pytest.mark.parametrize("sql", ends.COMMITTING.values(), ids=[*ends.COMMITTING])
async def test_behind_a_statement_that_commits_there_is_another_transaction(engine: Any, sql: str) -> None:
    await ends.what_follows_is_undone(engine, sql)


async def test_an_end_that_only_the_server_sees_is_told(engine: Any) -> None:
    await ends.an_end_that_only_the_server_sees_is_told(engine, "CALL p()")
