"""A handler that is interrupted, or calls `sys.exit`: the program ends, and the connection is in step with the server."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from ferrow import driver
from ferrow.wire.drive import drive
from tests.support import entered, maybe

NOTICE = "DO $$ BEGIN RAISE NOTICE 'hello'; END $$"
MANY = "DO $$ BEGIN FOR i IN 1..300 LOOP RAISE NOTICE 'hello'; END LOOP; END $$"
ENDS = [KeyboardInterrupt, SystemExit]


class Ended:
    """A handler that raises once."""

    def __init__(self, error: type[BaseException]) -> None:
        self.error: type[BaseException] | None = error

    def __call__(self, _: object) -> None:
        error, self.error = self.error, None
        if error is not None:
            raise error


@contextmanager
def logged(handle: Callable[[Any], None]) -> Iterator[None]:
    class Handler(logging.Handler):
        def handle(self, record: logging.LogRecord) -> bool:
            handle(record)
            return True

    handler, logger = Handler(), logging.getLogger("ferrow.notices")
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)


def ends(colour: str, error: type[BaseException], url: str, work: Callable[[Any], Coroutine[Any, Any, Any]]) -> None:
    """Whether `error` comes out of the call, or of the loop with the call cancelled; the connection is used afterwards."""
    if colour == "sync":
        with driver.connect(url) as conn:
            with pytest.raises(error):
                drive(work(conn))
            assert conn.query_one("SELECT 7")[0] == 7
            with conn.transaction() as tx:
                assert tx.query_one("SELECT 8")[0] == 8
        return

    async def program() -> None:
        async with driver.AsyncConnection(url) as conn:
            try:
                await work(conn)
            except (asyncio.CancelledError, error):
                seen.append((await conn.query_one("SELECT 7"))[0])
                raise
            seen.append("went on")

    seen: list[Any] = []
    with pytest.raises(error):
        asyncio.run(program())
    assert seen == [7]


@pytest.mark.postgresql
@pytest.mark.parametrize("error", ENDS)
@pytest.mark.parametrize("sql", [NOTICE, MANY])
@pytest.mark.parametrize("where", ["handler", "log"])
def test_at_a_notice(colour: str, postgresql_url: str, error: type[BaseException], sql: str, where: str) -> None:
    async def work(conn: Any) -> None:
        if where == "handler":
            conn.on_notice(Ended(error))
            return await maybe(conn.execute(sql))
        with logged(Ended(error)):
            await maybe(conn.execute(sql))

    ends(colour, error, postgresql_url, work)


@pytest.mark.postgresql
@pytest.mark.parametrize("error", ENDS)
def test_at_a_notification(colour: str, postgresql_url: str, error: type[BaseException]) -> None:
    """Of those too many of which have come the log is told, for one."""

    async def work(conn: Any) -> None:
        await maybe(conn.listen("news"))
        ended = Ended(error)
        conn.wire._session.on_notification = lambda *_: ended(None)
        await maybe(conn.notify("news", "a"))

    ends(colour, error, postgresql_url, work)


@pytest.mark.only(backend=("postgresql", "sqlite"))
@pytest.mark.parametrize("error", ENDS)
@pytest.mark.parametrize("call", ["execute", "script", "pipeline", "failure"])
def test_at_a_trace(colour: str, url: str, error: type[BaseException], call: str) -> None:
    async def work(conn: Any) -> None:
        conn.trace(Ended(error))
        if call == "pipeline":
            async with entered(conn.pipeline()) as pipe:
                pipe.execute("SELECT 1")
                pipe.execute("SELECT 2")
        elif call == "failure":
            await maybe(conn.execute("SELECT nothing"))
        else:
            await maybe(getattr(conn, call)("SELECT 1"))

    ends(colour, error, url, work)


@pytest.mark.postgresql
@pytest.mark.only(colour="async")
@pytest.mark.parametrize("error", ENDS)
def test_a_loop_that_goes_on_has_its_answers(postgresql_url: str, error: type[BaseException]) -> None:
    loop = asyncio.new_event_loop()
    conn = loop.run_until_complete(driver.connect_async(postgresql_url))
    conn.on_notice(Ended(error))
    task = loop.create_task(conn.query("SELECT 6"))
    told = loop.create_task(conn.execute(NOTICE))
    with pytest.raises(error):
        loop.run_until_complete(told)
    assert loop.run_until_complete(task)[0][0] == 6
    assert loop.run_until_complete(told) == 0
    assert loop.run_until_complete(conn.query_one("SELECT 7"))[0] == 7
    loop.run_until_complete(conn.close())
    loop.close()
