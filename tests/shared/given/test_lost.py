"""A connection of another driver that its server has ended: the first use says why, and later ones say it again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from ferrow import create_engine
from ferrow.errors import ConnectionLost, InterfaceError
from tests.support import entered, maybe
from tests.support.colours import Runner
from tests.support.given import PAIRS, Way

KILLED = {
    "postgresql": ("SELECT pg_backend_pid() AS pid", "SELECT pg_terminate_backend({}, 5000)"),
    "mariadb": ("SELECT connection_id() AS pid", "KILL {}"),
}


@pytest.fixture(params=[each for each in PAIRS if each.values[0][0].backend != "sqlite"])
def pair(request: pytest.FixtureRequest) -> tuple[Way, str]:
    """Those that have a server."""
    value: tuple[Way, str] = request.param
    return value


@pytest.fixture
def conn(way: Way, url: str, runner: Runner) -> Iterator[Any]:
    conn = runner.run(way.opened(url))
    file = getattr(conn, "_sock", None)
    yield conn
    with suppress(Exception):  # some drivers object to the end of what is over
        runner.run(maybe(conn.close()))
    if (
        file is not None
    ):  # pg8000 leaves in it what it could not send, and from Python 3.12 on the socket stays open for that
        with suppress(Exception):
            file.close()


async def lose(db: Any, way: Way, url: str) -> None:
    asked, kill = KILLED[way.backend]
    pid = (await maybe(db.fetchone(asked)))["pid"]
    with create_engine(url) as engine:
        engine.query(kill.format(pid))


async def transaction(db: Any) -> None:
    async with entered(db.transaction()):
        await maybe(db.execute("SELECT 1"))


async def test_later_uses_say_why(db: Any, way: Way, url: str) -> None:
    await lose(db, way, url)
    with pytest.raises(ConnectionLost) as first:
        await maybe(db.fetchone("SELECT 1 AS one"))
    reason = str(first.value).partition("\n")[0]
    short = reason.removeprefix("the connection to the server was lost: ")
    for use in (lambda: db.fetchone("SELECT 1 AS one"), lambda: db.execute("SELECT 1"), lambda: transaction(db)):
        with pytest.raises(InterfaceError) as caught:
            await maybe(use())
        assert str(caught.value) == f"Connection is closed: it was lost ({short})"
        cause = caught.value.__cause__
        assert isinstance(cause, ConnectionLost)
        assert (str(cause), cause.sqlstate) == (reason, first.value.sqlstate)


async def test_inside_a_transaction(db: Any, way: Way, url: str) -> None:
    with pytest.raises(ConnectionLost) as first:
        async with entered(db.transaction()):
            await lose(db, way, url)
            await maybe(db.execute("SELECT 1"))
    short = str(first.value).partition("\n")[0].removeprefix("the connection to the server was lost: ")
    with pytest.raises(InterfaceError) as caught:
        await maybe(db.execute("SELECT 1"))
    assert str(caught.value) == f"Connection is closed: it was lost ({short})"
