"""A connection that the server ends while nobody is at work with it: the first statement afterwards says why, later ones that it is closed.

An event loop notices at once, a blocking connection when it is used next. What the caller sees is the same.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from ferrow import driver
from ferrow.errors import ConnectionLost, DatabaseError, InterfaceError
from tests.support import entered, items, maybe
from tests.support.deadlines import eventually

pytestmark = pytest.mark.postgresql

WORDS = "terminating connection due to administrator command"


async def query(conn: Any) -> None:
    await maybe(conn.query("SELECT 1"))


async def script(conn: Any) -> None:
    await maybe(conn.script("SELECT 1"))


async def transaction(conn: Any) -> None:
    async with entered(conn.transaction()) as tx:
        await maybe(tx.query("SELECT 1"))


async def begin(conn: Any) -> None:
    async with entered(await maybe(conn.begin())) as tx:
        await maybe(tx.query("SELECT 1"))


async def cursor(conn: Any) -> None:
    await maybe(conn.cursor().execute("SELECT 1"))


async def stream(conn: Any) -> None:
    async with entered(conn.stream("SELECT 1")) as rows:
        await items(rows)


async def prepare(conn: Any) -> None:
    await maybe(conn.prepare("SELECT 2"))


async def many(conn: Any) -> None:
    await maybe(conn.run_many("SELECT $1::int", [[1], [2]]))


async def one(conn: Any) -> None:
    await maybe(conn.query_one("SELECT 1"))


async def batch(conn: Any) -> None:
    await maybe(conn.execute_batch(["SELECT 1", "SELECT 2"]))


async def late(conn: Any) -> None:
    await maybe(conn.query("SELECT 1", timeout=60))


async def pipeline(conn: Any) -> None:
    async with entered(conn.pipeline()) as pipe:
        pipe.execute("SELECT 1")


async def sequence(conn: Any) -> None:
    """In a transaction of its own."""
    async with entered(conn.pipeline()) as pipe, entered(pipe.transaction()):
        pipe.execute("SELECT 1")


async def copy_in(conn: Any) -> None:
    await maybe(conn.copy_in("nothing", [(1,)], columns=["id"]))


async def copy_out(conn: Any) -> None:
    async with entered(conn.copy_out(sql="SELECT 1")) as data:
        await items(data)


async def listen(conn: Any) -> None:
    await maybe(conn.listen("news"))


async def notify(conn: Any) -> None:
    await maybe(conn.notify("news"))


async def notifications(conn: Any) -> None:
    await items(conn.notifications())


async def waiting(conn: Any) -> None:
    await items(conn.notifications(timeout=0))


async def forget(conn: Any) -> None:
    """Which asks the server only if there is something to forget."""
    await maybe(conn.clear_cache())


WAYS: list[Callable[[Any], Awaitable[None]]] = [
    query, one, script, late, batch, many, prepare, transaction, begin, cursor, stream, pipeline, sequence, copy_in, copy_out, listen,
    notify, notifications, waiting,
]  # fmt: skip


async def lose(conn: Any, url: str, colour: str) -> None:
    with driver.connect(url) as other:
        other.query("SELECT pg_terminate_backend($1, 5000)", [conn.backend_pid])
    if colour == "async":
        await eventually(colour, conn.is_closed)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
async def test_the_first_statement_says_why(pg: Any, postgresql_url: str, colour: str, way: Any) -> None:
    await lose(pg, postgresql_url, colour)
    with pytest.raises(ConnectionLost, match=WORDS) as caught:
        await way(pg)
    assert (caught.value.sqlstate, caught.value.severity) == ("57P01", "FATAL")
    assert pg.is_closed()
    await refused(pg, way)
    for other in (*WAYS, forget):
        await refused(pg, other)


async def refused(conn: Any, way: Any) -> None:
    """What every call comes to after the first one."""
    with pytest.raises(InterfaceError) as caught:
        await way(conn)
    reason = f"the server ended the session: {WORDS}"
    assert str(caught.value) == f"Connection is closed: it was lost ({reason})", way
    cause = caught.value.__cause__
    assert isinstance(cause, ConnectionLost)
    assert (str(cause), cause.sqlstate) == (reason, "57P01")


async def test_what_asks_nothing_of_the_server_does_not_use_it_up(pg: Any, postgresql_url: str, colour: str) -> None:
    pid = pg.backend_pid
    await lose(pg, postgresql_url, colour)
    assert (pg.backend_pid, pg.status, pg.dialect) == (pid, "idle", "postgresql")
    with pytest.raises(ConnectionLost, match=WORDS):
        await transaction(pg)


async def test_a_transaction_of_nothing_does_not_use_it_up(pg: Any, postgresql_url: str, colour: str) -> None:
    await lose(pg, postgresql_url, colour)
    async with entered(pg.transaction()):
        pass
    with pytest.raises(ConnectionLost, match=WORDS):
        await transaction(pg)


async def test_it_is_not_committed_though_the_error_was_caught(pg: Any, postgresql_url: str, colour: str) -> None:
    await lose(pg, postgresql_url, colour)
    with pytest.raises(DatabaseError) as caught:
        async with entered(pg.transaction()) as tx:
            with pytest.raises(ConnectionLost, match=WORDS):
                await maybe(tx.query("SELECT 1"))
    assert type(caught.value) is InterfaceError, "COMMIT was not sent, so nothing is unknown"
    assert not hasattr(caught.value, "__notes__")


async def test_a_connection_that_is_closed_then_is_just_closed(pg: Any, postgresql_url: str, colour: str) -> None:
    await lose(pg, postgresql_url, colour)
    await maybe(pg.close())
    with pytest.raises(InterfaceError, match=r"^Connection is closed$"):
        await transaction(pg)


async def test_in_the_middle_of_a_transaction(pg: Any, postgresql_url: str, colour: str) -> None:
    """A time limit of the server's, for one, ends it there; it has a code of its own."""
    await maybe(pg.script("SET idle_in_transaction_session_timeout = 50"))
    with pytest.raises(DatabaseError, match="idle-in-transaction timeout") as caught:
        async with entered(pg.transaction()) as tx:
            pid = (await maybe(tx.query_one("SELECT pg_backend_pid()")))[0]
            with driver.connect(postgresql_url) as other:
                while other.query("SELECT 1 FROM pg_stat_activity WHERE pid = $1", [pid]):
                    pass
            if colour == "async":
                await eventually(colour, pg.is_closed)
            await maybe(tx.query("SELECT 1"))
    assert caught.value.sqlstate == "25P03"
    assert pg.is_closed()


async def test_a_traced_connection(pg: Any, postgresql_url: str, colour: str) -> None:
    pg.trace(lambda trace: None)
    await lose(pg, postgresql_url, colour)
    with pytest.raises(ConnectionLost, match=WORDS):
        await transaction(pg)
